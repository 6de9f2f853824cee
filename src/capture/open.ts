/** Opens captures: recognises what a file is by its first octets, never by its name, and lists the captures of a directory. */
import { readdirSync, statSync, type Stats } from "node:fs";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { limits } from "./limits.ts";
import { PCAP_HEADER, pcapKind, PcapReader } from "./pcap.ts";
import { PcapngReader, SECTION_HEADER } from "./pcapng.ts";
import { CaptureError, PointRegistry, type CaptureOptions, type CaptureReader } from "./reader.ts";
import type { Opened, RecordReader } from "./records.ts";
import { FileSource, InflateSource, StreamSource, type ByteSource } from "./source.ts";

/** Octets looked at before reading begins: enough for the headers and the first time stamp of most captures. */
const HEAD_BYTES = 16_384;
const FORMATS = "pcap and pcapng are read, plain or compressed with gzip or zstd";
const CONVERT = `${FORMATS}; convert others with "editcap -F pcapng"`;

/** Names standard input on the command line. */
export const STDIN = "-";

/**
 * Opens one capture: a path, or `-` for standard input.
 *
 * Throws CaptureError where it cannot be used at all (unreadable, empty, unknown type, unsupported version).
 */
export async function openCapture(path: string, options: CaptureOptions = {}): Promise<CaptureReader> {
  return openRecords(path, options);
}

/** A capture that comes from a stream without end (a child process, a connection); `options.name` is what it is called. */
export async function openStream(stream: Readable, options: CaptureOptions = {}): Promise<CaptureReader> {
  const raw = new StreamSource(stream, options.hash ?? false);
  try {
    return await recognise(STDIN, raw, options);
  } catch (error) {
    raw.close();
    throw error;
  }
}

/** As `openCapture`, for the merge, which also wants to know when a capture begins. */
export async function openRecords(path: string, options: CaptureOptions = {}): Promise<RecordReader> {
  const hash = options.hash ?? true;
  if (path !== STDIN && isDirectory(path)) throw new CaptureError("is a directory", path, "name the captures in it", "unreadable");
  const raw = path === STDIN ? new StreamSource(process.stdin, hash) : new FileSource(path, hash, options.hashThread);
  try {
    const opened = await recognise(path, raw, options);
    if (raw instanceof FileSource) raw.suspend();
    return opened;
  } catch (error) {
    raw.close();
    throw error;
  }
}

async function recognise(path: string, raw: ByteSource, options: CaptureOptions): Promise<RecordReader> {
  let head = await readHead(raw);
  if (head.length === 0) throw new CaptureError("is empty", path, "name a capture with at least its header");
  const compression = compressionOf(head);
  let source = raw;
  if (compression !== "none") {
    source = new InflateSource(raw, compression, head);
    head = await readHead(source);
    if (head.length === 0)
      throw new CaptureError(
        `${source.broken ?? `the ${compression} stream is empty`}, nothing in it can be read`,
        path,
        "copy the file again",
      );
  }
  const opened: Opened = {
    capture: options.capture ?? 0,
    path,
    file: options.name ?? captureName(path),
    compression,
    source,
    registry: options.registry ?? new PointRegistry(),
    blockBytes: Math.max(65_536, options.blockBytes ?? limits.blockBytes),
    head,
  };
  const kind = pcapKind(head);
  if (kind !== undefined) {
    if (head.length < PCAP_HEADER) throw new CaptureError("ends inside the file header", path, "copy the file again");
    const major = new DataView(head.buffer, head.byteOffset).getUint16(4, !kind.bigEndian);
    if (major !== 2) throw new CaptureError(`is pcap of version ${major}, which is not supported`, path, CONVERT);
    return new PcapReader(opened, kind);
  }
  if (isPcapng(head)) {
    const view = new DataView(head.buffer, head.byteOffset);
    const little = view.getUint32(8, true) === 0x1a2b3c4d;
    if (head.length < 28 || view.getUint32(4, little) < 28)
      throw new CaptureError("ends inside the section header", path, "copy the file again");
    const major = view.getUint16(12, little);
    if (major !== 1) throw new CaptureError(`is pcapng of version ${major}, which is not supported`, path, CONVERT);
    return new PcapngReader(opened);
  }
  throw new CaptureError("is not a capture of a known type", path, CONVERT);
}

/**
 * What a capture is called in everything that is written about it: its base name. What no verifier takes for a name (a reader on another system
 * might make a path of it) is an underscore.
 */
export function captureName(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return path === STDIN ? STDIN : basename(path).replaceAll(/[/\\\u0000-\u001f\u007f]/gu, "_");
}

async function readHead(source: ByteSource): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  let have = 0;
  // A pipe may bring its first octets one by one; once the headers are there, live traffic must not wait for more.
  while (have < PCAP_HEADER + 4) {
    const got = await source.read(head, have, head.length - have);
    if (got === 0) break;
    have += got;
  }
  return head.subarray(0, have);
}

function compressionOf(head: Uint8Array): "none" | "gzip" | "zstd" {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return "gzip";
  const word = head.length >= 4 ? new DataView(head.buffer, head.byteOffset).getUint32(0, true) : 0;
  return word === 0xfd2fb528 || (word & 0xfffffff0) >>> 0 === 0x184d2a50 ? "zstd" : "none";
}

function isPcapng(head: Uint8Array): boolean {
  if (head.length < 12) return false;
  const view = new DataView(head.buffer, head.byteOffset);
  const order = view.getUint32(8, false);
  return view.getUint32(0, false) === SECTION_HEADER && (order === 0x1a2b3c4d || order === 0x4d3c2b1a);
}

/** What cannot even be looked at is refused where it is opened, which says why. */
function isDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * The captures that the arguments name, in their order, a directory replaced by all captures in it, by name. Other files in a
 * directory are passed over, but none in silence that is a capture by its name: one that cannot be read as such stays in the list, so
 * that opening it says why; an empty one, which a rotating capture has just opened, is told to `onEmpty`. Throws CaptureError for a
 * directory that cannot be read or holds no capture.
 */
export async function listCaptures(paths: readonly string[], onEmpty?: (path: string) => void): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path === STDIN || !isDirectory(path)) found.push(path);
    else found.push(...(await capturesIn(path, onEmpty)));
  }
  return found;
}

async function capturesIn(directory: string, onEmpty: ((path: string) => void) | undefined): Promise<string[]> {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    throw new CaptureError("directory cannot be read", directory, "check who may read it", "unreadable");
  }
  if (names.length > limits.directoryFiles)
    throw new CaptureError(`holds more than ${limits.directoryFiles} files`, directory, "name the captures");
  const captures: string[] = [];
  let empty = 0;
  // By code units: the same order on every machine, whatever its locale.
  for (const name of names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const path = join(directory, name);
    const file = statOf(path);
    if (file?.isFile() !== true) continue;
    if (file.size === 0) {
      if (!CAPTURE_NAME.test(path)) continue;
      empty++;
      onEmpty?.(path);
    } else if (CAPTURE_NAME.test(path) || (await isCapture(path))) captures.push(path);
  }
  if (captures.length === 0)
    throw new CaptureError(`directory without captures${empty > 0 ? ` but empty ones (${empty})` : ""}`, directory, FORMATS);
  return captures;
}

/** One line about a capture that `listCaptures` passed over. */
export function emptyText(path: string): string {
  return `${path}: is empty, as a capture is that has just been opened; it was passed over`;
}

/** What says by its name that it is a capture. */
const CAPTURE_NAME = /\.(?:pcap|pcapng|cap)(?:\.(?:gz|zst))?$/i;

/** True where the file begins like a capture, compressed or not. */
export async function isCapture(path: string): Promise<boolean> {
  let source: FileSource;
  try {
    source = new FileSource(path, false);
  } catch {
    return false;
  }
  try {
    let head = await readHead(source);
    const compression = compressionOf(head);
    if (compression !== "none") head = await readHead(new InflateSource(source, compression, head));
    return pcapKind(head) !== undefined || isPcapng(head);
  } catch {
    return false;
  } finally {
    source.close();
  }
}
