/**
 * Inputs that are kept: `test/fuzz-corpus/TARGET.txt`, one input a line in base64. All of them are made from the lab's captures, from those in
 * `test/captures`, or by the fuzzer.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../../test/fuzz-corpus/", import.meta.url);

/** Octets that the corpus of one target may have. */
const MOST_OCTETS = 48 * 1024;

export function readCorpus(target: string): Uint8Array[] {
  const file = new URL(`${target}.txt`, folder);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => new Uint8Array(Buffer.from(line, "base64")));
}

/** Short inputs first; what does not fit is left out. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): string {
  const file = new URL(`${target}.txt`, folder);
  let octets = 0;
  const lines: string[] = [];
  for (const input of inputs.toSorted((a, b) => a.length - b.length)) {
    octets += input.length;
    if (octets > MOST_OCTETS && lines.length > 0) break;
    lines.push(Buffer.from(input).toString("base64"));
  }
  writeFileSync(file, `${lines.join("\n")}\n`);
  return fileURLToPath(file);
}
