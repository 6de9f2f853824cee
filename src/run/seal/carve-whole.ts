/** The frames that were carved of a finding, whole: for who opens them, and for who checks what was opened. */
import type { Carved } from "#evidence/records/types.ts";
import type { Progress } from "#model/progress.ts";
import { carve, type CarvedFinding } from "./carve.ts";

/** `pathOf`: where the capture with this SHA-256 lies. */
export async function carveWhole(
  finding: string,
  record: Carved,
  pathOf: (sha256: string) => string | undefined,
  progress?: Progress,
): Promise<CarvedFinding | undefined> {
  const hashes = [...new Set(record.frames.map((f) => f.capture))];
  const files = hashes.map((sha256) => ({ sha256, path: pathOf(sha256) }));
  const evidence = hashes.map((sha256, capture) => ({
    capture,
    frames: record.frames.filter((f) => f.capture === sha256).map((f) => f.frame),
  }));
  const masks = { shows: () => true, isUser: () => false };
  const [made] = await carve(files, [{ finding, evidence, pairs: [], masks }], null, {
    full: true,
    ...(progress === undefined ? {} : { progress }),
  });
  return made;
}
