/** A lie told by somebody who holds the signing key: records changed, every hash made to fit, everything signed anew. */
import type { Json, JsonRecord } from "../forge.ts";
import type { Made } from "../make.ts";
import { resign } from "../resign.ts";

/** The cases that lies are told about. */
export interface Cases {
  /** `copy-vxlan`: a proven copy, with pairs, a match table and a witness. */
  readonly copy: Made;
  /** `clean-cups`: nothing was found. */
  readonly clean: Made;
  /** `x1-and-x3`: an interception that no warrant covers. */
  readonly product: Made;
  /** `dupl-hijack`: a rule that duplicates, and its effect. */
  readonly rule: Made;
  /** A session of management that no grant covers, without a copy beside it. */
  readonly access: Made;
  /** `query-plr`: a stranger who asks where subscribers are, and is told. */
  readonly query: Made;
  /** `channel-icmp`: echoes of new and random content. */
  readonly channel: Made;
  /** `clean-cups`, its captures cut within their last frames. */
  readonly cut: Made;
}

export interface Forgery {
  /** The case that it is told about; left out where it is told about several. */
  readonly about?: keyof Cases;
  /** What is claimed that is not so. */
  readonly lie: string;
  /** Code of the check that tells it. */
  readonly check: string;
  readonly make: (cases: Cases) => Buffer;
}

/** Changes the first record of a type that `change` accepts; it answers whether it did, nothing meaning yes. */
export function changed(made: Made, type: string, change: (record: JsonRecord) => boolean | void): Buffer {
  let done = false;
  const octets = resign(made.octets, {
    record: (t, record) => {
      if (t === type && !done) done = change(record) !== false;
      return record;
    },
  });
  if (!done) throw new Error(`the case has no ${type} record to change`);
  return octets;
}

/** A lie in one record. */
export function lie(
  about: keyof Cases,
  type: string,
  check: string,
  words: string,
  change: (record: JsonRecord) => boolean | void,
): Forgery {
  return { about, lie: words, check, make: (cases) => changed(cases[about], type, change) };
}

export function at(record: JsonRecord, ...path: readonly (string | number)[]): JsonRecord {
  let value: Json = record;
  for (const name of path) value = (value as JsonRecord)[String(name)] as Json;
  return value as JsonRecord;
}
