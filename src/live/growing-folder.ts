/** A folder into which a capture program writes one file after the other (`tcpdump -G`, `dumpcap -b`): each is read as it grows, the next when it is done. */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

const CAPTURE_NAME = /\.(?:pcap|pcapng|cap)\d*(?:\.(?:gz|zst))?$/i;
const POLL_MS = 200;
/** Entries of the folder that are looked at; names beyond are taken up when earlier ones are gone. */
const MAX_ENTRIES = 100_000;

/** Captures in the folder by time of their last change, then by name: the order in which they were written. */
export function capturesByAge(folder: string): string[] {
  return readdirSync(folder)
    .slice(0, MAX_ENTRIES)
    .filter((name) => CAPTURE_NAME.test(name))
    .flatMap((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      return found?.isFile() === true && found.size > 0 ? [{ name, ms: found.mtimeMs }] : [];
    })
    .sort((a, b) => a.ms - b.ms || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** Names of files that were not read yet, as they appear; ends when `stopped` says so. */
export async function* newCaptures(folder: string, stopped: () => boolean): AsyncGenerator<string> {
  const done = new Set<string>();
  while (!stopped()) {
    const names = capturesByAge(folder);
    const next = names.find((name) => !done.has(name));
    if (next === undefined) {
      const present = new Set(names);
      for (const name of done) if (!present.has(name)) done.delete(name);
      await pause();
      continue;
    }
    done.add(next);
    yield join(folder, next);
  }
}

/** Octets of a file, and those that are added to it, until a newer capture lies beside it or `stopped` says so. A compressed file is read as it stands. */
export function growing(folder: string, path: string, stopped: () => boolean): Readable {
  if (/\.(?:gz|zst)$/i.test(path)) return createReadStream(path);
  return Readable.from(octets(folder, path, stopped), { objectMode: false });
}

async function* octets(folder: string, path: string, stopped: () => boolean): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    const block = new Uint8Array(1 << 20);
    let last = false;
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length, null);
      if (bytesRead > 0) {
        yield block.slice(0, bytesRead);
        continue;
      }
      if (last) return;
      // A newer file: this one has ended, once what was written before that was seen is read.
      last = stopped() || hasNewer(folder, path);
      if (!last) await pause();
    }
  } finally {
    await file.close();
  }
}

function hasNewer(folder: string, path: string): boolean {
  const names = capturesByAge(folder);
  const at = names.findIndex((name) => join(folder, name) === path);
  return at >= 0 && at < names.length - 1;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
