/** `tapproof decode CAPTURE... [--json] [--identities]`: control-plane messages, one line each (`contract.md` §2, §4). */
import type { Writable } from "node:stream";
import { nothingLeft } from "#capture/merge.ts";
import { emptyText, listCaptures, openCapture } from "#capture/open.ts";
import { CaptureError, PointRegistry, type CaptureReader } from "#capture/reader.ts";
import { decodeFrame, decodeReassembled } from "#decode/packet/decode.ts";
import { FragmentReassembler, type ReassembledFrame } from "#decode/packet/fragments.ts";
import { PacketView } from "#decode/packet/view.ts";
import { contradictsDatagram, ControlStack } from "#decode/stack.ts";
import type { DecodedMessage, MessageOrigin, MessageSink, ObservedMessage } from "#model/message.ts";
import type { Sighting } from "#model/sighting.ts";
import { Breath } from "#run/breath.ts";
import { loadTlsKeyLog } from "#run/tls-key-log.ts";

import { CLEAR, jsonLine, pseudonyms, textLine, type Veil } from "./decode-lines.ts";
import { visible } from "./errors.ts";
import { LineWriter } from "./line-writer.ts";
import { ProgressLine } from "./progress.ts";

export interface DecodeArgs {
  readonly captures: readonly string[];
  readonly json: boolean;
  /** Show identities in clear; otherwise pseudonyms whose key is drawn anew each run. */
  readonly identities: boolean;
  /** Leave out inputs that cannot be used, instead of exit code 2. */
  readonly skipBad?: boolean;
  /** TLS key log: the format of SSLKEYLOGFILE. */
  readonly tlsKeys?: string;
}

export interface DecodeIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Answers the exit code: 0 done, 2 an input could not be used (nothing has been written then). */
export async function decodeCommand(args: DecodeArgs, io: DecodeIo): Promise<number> {
  const tlsKeys = args.tlsKeys === undefined ? undefined : loadTlsKeyLog(args.tlsKeys);
  const readers: CaptureReader[] = [];
  const registry = new PointRegistry();
  try {
    const emptyToo = (path: string): void => void io.stderr.write(`tapproof: ${visible(emptyText(path))}\n`);
    let firstBad: CaptureError | undefined;
    const paths = await listCaptures(args.captures, emptyToo);
    for (const path of paths) {
      try {
        readers.push(await openCapture(path, { capture: readers.length, registry, hash: false }));
      } catch (error) {
        if (!(error instanceof CaptureError) || args.skipBad !== true) throw error;
        firstBad ??= error;
        if (paths.length > 1) io.stderr.write(`tapproof: ${visible(error.message)}\n`);
      }
    }
    if (firstBad !== undefined && readers.length === 0) throw nothingLeft(paths.length, firstBad);
  } catch (error) {
    for (const reader of readers) await reader.close();
    if (!(error instanceof CaptureError)) throw error;
    io.stderr.write(`tapproof: ${visible(error.message)}\n`);
    return 2;
  }
  const out = new LineWriter(io.stdout);
  const printer = new Printer(out, args.json, args.identities ? CLEAR : pseudonyms(), readers);
  const stack = new ControlStack(printer, { asReceived: false, ...(tlsKeys === undefined ? {} : { tlsKeys }) });
  // Messages that appear on the same terminal are progress enough.
  const progress = (io.stdout as { isTTY?: boolean }).isTTY === true ? null : new ProgressLine(io.stderr, io.env);
  progress?.stage("decoding", "octets");
  const total = readers.reduce((sum, { size }) => (sum < 0 || size < 0 ? -1 : sum + size), 0);
  let before = 0;
  const breath = new Breath();
  for (const reader of readers) {
    await decodeCapture(
      reader,
      stack,
      () => {
        progress?.show(before + reader.position, total);
        return out.full ? out.flush() : breath.due();
      },
      () => out.closed,
    );
    before += reader.position;
    await reader.close();
  }
  progress?.clear();
  stack.flush();
  await out.flush();
  if (!out.closed) {
    const summary = notRead(stack);
    if (summary !== "") io.stderr.write(summary);
  }
  return 0;
}

/** Runs one capture through the stack. `pause` is awaited between batches; `stop` ends it early. */
export async function decodeCapture(
  reader: CaptureReader,
  stack: ControlStack,
  pause: () => Promise<void> | undefined = () => undefined,
  stop: () => boolean = () => false,
): Promise<void> {
  const view = new PacketView();
  const fragments = new FragmentReassembler();
  const time = { sec: 0, nsec: 0 };
  const seen: Seen = { capture: reader.capture, point: 0, frame: 0, frames: undefined, time };
  for (let batch = await reader.next(); batch !== null && !stop(); batch = await reader.next()) {
    for (let i = 0; i < batch.count; i++) {
      seen.point = batch.point[i] as number;
      const linkType = reader.points.find((p) => p.index === seen.point)?.linkType ?? 1;
      decodeFrame(view, batch.bytes, batch.offset[i] as number, batch.captured[i] as number, batch.original[i] as number, linkType);
      seen.frame = batch.firstFrame + i;
      time.sec = batch.sec[i] as number;
      time.nsec = batch.nsec[i] as number;
      seen.frames = undefined;
      if (stack.wants(view)) stack.packet(view, seen);
      if (view.fragmentLevel >= 0) takeFragment(view, fragments, stack, seen);
    }
    await pause();
  }
}

interface Seen extends Sighting {
  point: number;
  frame: number;
  frames: readonly number[] | undefined;
}

/** Fragments may lie in tunnels whose own packets are fragments; each round makes one more IP level whole. */
function takeFragment(view: PacketView, fragments: FragmentReassembler, stack: ControlStack, seen: Seen): void {
  let frames: readonly number[] = [seen.frame];
  for (let round = 0; round < view.ipStart.length && view.fragmentLevel >= 0; round++) {
    const whole = fragments.add(view, seen.time.sec, seen.point, frames);
    if (whole === null) return;
    for (let other = fragments.next(); other !== null; other = fragments.next()) takeWhole(view, other, stack, seen);
    takeWhole(view, whole, stack, seen);
    frames = whole.frames;
  }
}

function takeWhole(view: PacketView, whole: ReassembledFrame, stack: ControlStack, seen: Seen): void {
  seen.frames = whole.frames;
  decodeReassembled(view, whole.bytes, whole.length, whole.linkType, whole.level);
  if (stack.wants(view)) stack.packet(view, seen);
}

class Printer implements MessageSink {
  private readonly out: LineWriter;
  private readonly json: boolean;
  private readonly veil: Veil;
  private readonly captures: readonly { readonly file: string }[];

  constructor(out: LineWriter, json: boolean, veil: Veil, captures: readonly { readonly file: string }[]) {
    this.out = out;
    this.json = json;
    this.veil = veil;
    this.captures = captures;
  }

  message({ message, origin }: ObservedMessage): void {
    if (contradictsDatagram(message)) return;
    this.print(message, origin, this.captures[origin.capture]?.file ?? "", 0);
  }

  fault(): void {
    // Counted by the stack; `notRead` tells of them at the end.
  }

  private print(message: DecodedMessage, origin: MessageOrigin, capture: string, depth: number): void {
    this.out.add(this.json ? jsonLine(message, origin, capture, this.veil) : textLine(message, origin, this.veil, depth));
    for (const inner of message.inner) this.print(inner, origin, capture, depth + 1);
  }
}

/** One line a kind of thing that was there and could not be read. */
function notRead(stack: ControlStack): string {
  let text = "";
  const list = (title: string, counts: ReadonlyMap<string, number>): void => {
    if (counts.size === 0) return;
    const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 20);
    text += `tapproof: ${title}: ${most.map(([what, count]) => `${what} (${count})`).join(", ")}${counts.size > most.length ? ", …" : ""}\n`;
  };
  list("not readable as it should be", stack.counters.faults);
  list("encrypted", stack.counters.encrypted);
  list("recognised, not decoded by this version", stack.counters.unsupported);
  return text;
}
