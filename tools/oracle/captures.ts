import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

export interface OracleCapture {
  readonly path: string;
  /** Name of its golden file without `.json`: the path below the collection, slashes as `-`. */
  readonly name: string;
}

const CAPTURE = /\.(pcap|pcapng|cap)(\.gz)?$/;

/** Where captures lie: the public collection beside the repository, and the copies in it (by the same names). */
const SHARED = "../shared/captures";
const COPIES: readonly (readonly [string, string])[] = [
  ["test/captures", ""],
  ["examples/lte-lab-b1-vxlan-mirred", "lte-lab-b1-vxlan-mirred-"],
];

/** Captures of the public collection; empty where it is not at hand. `root` is the repository. */
export function sharedCaptures(root: string): OracleCapture[] {
  return capturesIn(join(root, SHARED), "");
}

/** Captures that are committed. */
export function committedCaptures(root: string): OracleCapture[] {
  return COPIES.flatMap(([folder, prefix]) => capturesIn(join(root, folder), prefix));
}

function capturesIn(folder: string, prefix: string): OracleCapture[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => CAPTURE.test(path) && statSync(path).isFile())
    .map((path) => ({ path, name: prefix + relative(folder, path).replaceAll("/", "-") }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
