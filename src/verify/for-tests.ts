/** For the tests that stand beside the checks: a bundle as the checks of L2 read it, of records by hand. */
import { Bundle, NotChecked, type LoggedRecord } from "./bundle.ts";
import type { JsonObject } from "./canonical.ts";
import { primitivesWith } from "./primitives.ts";
import { Failure } from "./result.ts";

export const primitives = primitivesWith(undefined);

/** A record's hash is its name here: the type, or what `named` says. */
export function bundleOf(records: readonly (readonly [type: string, record: JsonObject, named?: string])[]): Bundle {
  const b = new Bundle(new Uint8Array(0), primitives);
  records.forEach(([type, record, named = type], index) => b.add(logged(type, record, named, index)));
  return b;
}

export function logged(type: string, record: JsonObject, named = type, index = 0): LoggedRecord {
  return { index, type, sha256: named, part: `records/${index}-${named}`, record, octets: new Uint8Array(0) };
}

/** What a check answers: its detail, or why it failed or was not made. */
export function answer(check: () => unknown): string {
  try {
    return String(check());
  } catch (error) {
    if (error instanceof Failure) return `failed: ${error.message}`;
    if (error instanceof NotChecked) return `not checked: ${error.message}`;
    throw error;
  }
}
