/**
 * The bundle as a file: a signed note that lists all parts, then the parts, one after the other, nothing between or behind.
 *
 * ```
 * tapproof/bundle/1
 * {"format":"tapproof/bundle/1","parts":[{"bytes":n,"name":"…","sha256":"…"},…]}      canonical JSON
 *                                                                                    (an empty line)
 * — name base64(key hash || Ed25519 signature of the two lines above, line feeds included)
 * octets of the first part, of the second, …
 * ```
 *
 * Not compressed, so that there is one spelling and nothing to be fooled with; `head -4 x.tapproof` shows what is signed.
 */
import { isObject, parseCanonical } from "./canonical.ts";
import { parseNote, type Note } from "./note.ts";
import { hex, text } from "./octets.ts";
import { Failure, type Primitives } from "./result.ts";

export const MAGIC = "tapproof/bundle/1";

export const limits = {
  /** Octets of the signed list of parts. */
  headBytes: 64 * 1024 * 1024,
  /** Parts of one bundle; more is refused. */
  parts: 500_000,
} as const;

export interface Part {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly sha256: string;
}

export interface Container {
  readonly note: Note;
  readonly parts: readonly Part[];
  byName(name: string): Part | undefined;
}

/** Whether the octets are meant to be a bundle at all; anything that once was one and was damaged is. */
export function looksLikeBundle(octets: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(octets.subarray(0, 4096));
  return start.startsWith(`${MAGIC}\n`) || start.includes(`"format":"${MAGIC}"`);
}

const HEAD = "head";

export function parseContainer(octets: Uint8Array): Container {
  const ends: number[] = [];
  for (let at = -1; ends.length < 4;) {
    at = octets.indexOf(10, at + 1);
    if (at < 0 || at > limits.headBytes) throw new Failure("ends before its four first lines do", HEAD);
    ends.push(at);
  }
  const [magicEnd, manifestEnd, , headEnd] = ends as [number, number, number, number];
  if (text(octets.subarray(0, magicEnd), HEAD) !== MAGIC) throw new Failure(`does not begin with ${MAGIC}`, HEAD);
  const note = parseNote(octets.subarray(0, headEnd + 1), HEAD);
  const manifest = parseCanonical(octets.subarray(magicEnd + 1, manifestEnd), HEAD);
  if (note.text.length !== MAGIC.length + 2 + text(octets.subarray(magicEnd + 1, manifestEnd), HEAD).length) {
    throw new Failure("its third line is not empty", HEAD);
  }
  if (note.signatures.length !== 1) throw new Failure("has more than one signature", HEAD);
  const listed =
    isObject(manifest) && Object.keys(manifest).join() === "format,parts" && manifest["format"] === MAGIC ? manifest["parts"] : undefined;
  if (!Array.isArray(listed) || listed.length > limits.parts) throw new Failure("its second line is not a list of parts", HEAD);
  const parts: Part[] = [];
  const names = new Map<string, Part>();
  let at = headEnd + 1;
  for (const entry of listed as readonly unknown[]) {
    const { bytes, name, sha256 } = (entry ?? {}) as { bytes?: unknown; name?: unknown; sha256?: unknown };
    if (
      entry === null ||
      typeof entry !== "object" ||
      Object.keys(entry).join() !== "bytes,name,sha256" ||
      typeof bytes !== "number" ||
      bytes < 0 ||
      typeof name !== "string" ||
      !/^[a-z0-9][a-z0-9./-]{0,127}$/.test(name) ||
      typeof sha256 !== "string" ||
      !/^[0-9a-f]{64}$/.test(sha256)
    )
      throw new Failure("its list of parts has a malformed entry", HEAD);
    if (names.has(name)) throw new Failure("is listed twice", name);
    if (at + bytes > octets.length) throw new Failure("is missing or cut: the file ends inside it", name);
    const part = { name, octets: octets.subarray(at, at + bytes), sha256 };
    parts.push(part);
    names.set(name, part);
    at += bytes;
  }
  if (at !== octets.length) throw new Failure(`${octets.length - at} octets follow the last part`, "end of file");
  return { note, parts, byName: (name) => names.get(name) };
}

/** Names the first part whose octets are not those that were signed. */
export async function checkHashes(container: Container, { sha256 }: Primitives): Promise<void> {
  for (const part of container.parts) {
    if (hex(await sha256(part.octets)) !== part.sha256) throw new Failure("its octets are not those that were signed", part.name);
  }
}
