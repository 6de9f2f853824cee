/**
 * Octets of a pipe, so that a read which waits for a writer can be given up: a blocking read in Node's thread pool cannot be called back, and
 * would keep the process alive until somebody writes.
 */
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";

const POLL_MS = 20;
const BLOCK = 1 << 20;

/** Standard input (`-`), a named pipe, or a file. Ends when the writer closes, or when `stopped` says so. */
export function openPipe(path: string, stopped: () => boolean): Readable {
  if (path === "-") {
    const kind = fstatSync(0);
    return kind.isFIFO() || kind.isSocket()
      ? new Socket({ fd: 0, readable: true, writable: false })
      : createReadStream("", { fd: 0, autoClose: false });
  }
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(fd).isFIFO()) return Readable.from(octets(fd, stopped), { objectMode: false });
  closeSync(fd);
  return createReadStream(path);
}

async function* octets(fd: number, stopped: () => boolean): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(BLOCK);
  let begun = false;
  try {
    while (!stopped()) {
      const got = readNow(fd, block);
      if (got > 0) {
        begun = true;
        yield block.slice(0, got);
      } else if (got === 0 && begun) return;
      else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    closeSync(fd);
  }
}

/** Octets read; 0 where nobody writes (yet, or any more), -1 where nothing is there at the moment. */
function readNow(fd: number, into: Uint8Array): number {
  try {
    return readSync(fd, into, 0, into.length, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return -1;
    throw error;
  }
}
