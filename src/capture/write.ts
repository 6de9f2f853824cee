/**
 * Writes captures: pcap for single-interface extracts, pcapng where comments and several interfaces matter (evidence).
 * Both are little-endian with nanoseconds and deterministic: the same frames give the same octets.
 */

/** One frame to write. `bytes[offset … offset + captured)` is copied. */
export interface FrameToWrite {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly captured: number;
  /** Octets on the wire. */
  readonly original: number;
  readonly sec: number;
  readonly nsec: number;
}

export interface InterfaceToWrite {
  readonly linkType: number;
  /** Octets; 0 means unlimited. */
  readonly snapLength: number;
  readonly name?: string | undefined;
  readonly comment?: string | undefined;
}

const NANOSECOND_MAGIC = 0xa1b23c4d;

/** The 24-octet pcap file header, nanosecond resolution. */
export function pcapFileHeader(linkType: number, snapLength = 262_144): Uint8Array {
  const out = new Uint8Array(24);
  const view = new DataView(out.buffer);
  view.setUint32(0, NANOSECOND_MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkType, true);
  return out;
}

/** One pcap record with its header. */
export function pcapRecord(frame: FrameToWrite): Uint8Array {
  const out = new Uint8Array(16 + frame.captured);
  const view = new DataView(out.buffer);
  view.setUint32(0, frame.sec, true);
  view.setUint32(4, frame.nsec, true);
  view.setUint32(8, frame.captured, true);
  view.setUint32(12, frame.original, true);
  out.set(frame.bytes.subarray(frame.offset, frame.offset + frame.captured), 16);
  return out;
}

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const OPT_COMMENT = 1;
const OPT_SHB_USERAPPL = 4;
const OPT_IF_NAME = 2;
const OPT_IF_TSRESOL = 9;
/** 10^-9 seconds. */
const NANOSECONDS = 9;

const encoder = new TextEncoder();

/** Section Header Block; `application` and `comment` are stored as given. */
export function pcapngSection(application?: string, comment?: string): Uint8Array {
  const options: Option[] = [];
  if (comment !== undefined) options.push([OPT_COMMENT, encoder.encode(comment)]);
  if (application !== undefined) options.push([OPT_SHB_USERAPPL, encoder.encode(application)]);
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  // Section length unknown: readers walk the blocks.
  view.setUint32(8, 0xffffffff, true);
  view.setUint32(12, 0xffffffff, true);
  return block(SECTION_HEADER, body, options);
}

/** Interface Description Block with nanosecond time stamps; the n-th of a section (from 0) is what packets refer to. */
export function pcapngInterface(described: InterfaceToWrite): Uint8Array {
  const options: Option[] = [];
  if (described.comment !== undefined) options.push([OPT_COMMENT, encoder.encode(described.comment)]);
  if (described.name !== undefined) options.push([OPT_IF_NAME, encoder.encode(described.name)]);
  options.push([OPT_IF_TSRESOL, Uint8Array.of(NANOSECONDS)]);
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, described.linkType, true);
  view.setUint32(4, described.snapLength, true);
  return block(1, body, options);
}

/** Enhanced Packet Block. */
export function pcapngPacket(interfaceId: number, frame: FrameToWrite, comments: readonly string[] = []): Uint8Array {
  const body = new Uint8Array(20 + padded(frame.captured));
  const view = new DataView(body.buffer);
  const nanoseconds = BigInt(frame.sec) * 1_000_000_000n + BigInt(frame.nsec);
  view.setUint32(0, interfaceId, true);
  view.setUint32(4, Number((nanoseconds >> 32n) & 0xffffffffn), true);
  view.setUint32(8, Number(nanoseconds & 0xffffffffn), true);
  view.setUint32(12, frame.captured, true);
  view.setUint32(16, frame.original, true);
  body.set(frame.bytes.subarray(frame.offset, frame.offset + frame.captured), 20);
  return block(
    6,
    body,
    comments.map((text): Option => [OPT_COMMENT, encoder.encode(text)]),
  );
}

type Option = readonly [code: number, value: Uint8Array];

/** Longest value an option's 16-bit length can state. */
const OPTION_MAX = 0xffff;

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  let optionBytes = options.length === 0 ? 0 : 4;
  for (const [, value] of options) optionBytes += 4 + padded(Math.min(value.length, OPTION_MAX));
  const length = 12 + body.length + optionBytes;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  out.set(body, 8);
  let at = 8 + body.length;
  for (const [code, whole] of options) {
    const value = whole.subarray(0, OPTION_MAX);
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    out.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(length - 4, length, true);
  return out;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
