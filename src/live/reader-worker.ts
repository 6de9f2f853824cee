/** The reading thread: takes frames from one source as fast as they come and never waits for the analysis. */
import { createHash } from "node:crypto";
import { connect } from "node:net";
import type { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import { captureName, openStream } from "#capture/open.ts";
import { PointRegistry, type CaptureReader, type CaptureStats } from "#capture/reader.ts";
import { LinkType, type FrameBatch } from "#model/frame.ts";
import { growing, newCaptures } from "./growing-folder.ts";
import { HandOver } from "./hand-over.ts";
import { LIVE_LIMITS } from "./limits.ts";
import { type LiveSource, type ThreadMessage, type ThreadOrder, Word } from "./messages.ts";
import { MirrorListener } from "./mirror.ts";
import { openPipe } from "./pipe.ts";
import { startTool, type CaptureTool } from "./tool.ts";

const order = workerData as ThreadOrder;
const words = new Int32Array(order.words);
const stopped = (): boolean => Atomics.load(words, Word.STOP) !== 0;
const post = (message: ThreadMessage, memory: ArrayBuffer[] = []): void => parentPort?.postMessage(message, memory);
const handOver = new HandOver(order.words, order.shed ? order.shedKey : null, post);
let captures = 0;
let tool: CaptureTool | null = null;
let mirror: MirrorListener | null = null;

/** Reads one capture to its end; `hash`: it is a file or a stream that others may have, too. */
async function read(stream: Readable, file: string, path: string, hash: boolean): Promise<void> {
  const registry = new PointRegistry();
  const reader = await openStream(stream, { name: file, hash, registry });
  const capture = captures++;
  post({ kind: "capture", capture, file, path, format: reader.format });
  const linkTypes: number[] = [];
  let nextStats = 0;
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    for (const point of registry.points.slice(linkTypes.length)) {
      linkTypes.push(point.linkType);
      post({
        kind: "point",
        capture,
        interfaceId: point.interfaceId,
        interfaceName: point.interfaceName,
        linkType: point.linkType,
        snapLength: point.snapLength,
      });
    }
    handOver.batch(batch, capture, linkTypes);
    await handOver.room();
    if (Date.now() >= nextStats) {
      nextStats = Date.now() + 500;
      told(capture, reader.stats, reader);
    }
    if (stopped() && tool === null) break;
  }
  await reader.close();
  told(capture, reader.stats, reader);
  post({ kind: "captured", capture, sha256: reader.sha256 });
}

function told(
  capture: number,
  { packets, bytes, first, last, truncated, malformedRecords }: CaptureStats,
  reader: CaptureReader | null,
): void {
  post({
    kind: "stats",
    capture,
    stats: { packets, bytes, first, last, truncated, malformedRecords },
    gaps: reader?.stats.gaps ?? [],
    shed: { ...handOver.shed },
    tool: tool === null ? null : { ...tool.counters },
    unknown: mirror?.counters.unknown ?? 0,
  });
}

async function readInterface(source: Extract<LiveSource, { kind: "interface" }>): Promise<string | null> {
  const running = startTool(source.tool, source.interface);
  tool = running;
  const timer = setInterval(() => running.ask(), LIVE_LIMITS.counterSeconds * 1000);
  const watcher = setInterval(() => {
    if (stopped()) void running.stop();
  }, 50);
  try {
    await read(running.stdout, order.name, `interface ${source.interface}`, true);
  } catch (error) {
    const said = await running.ended;
    throw new Error(stopped() ? "nothing was captured" : `${said}${error instanceof Error && said === "" ? error.message : ""}`);
  } finally {
    clearInterval(timer);
    clearInterval(watcher);
  }
  const said = await running.ended;
  // Counters come last, when it has ended.
  if (captures > 0)
    post({
      kind: "stats",
      capture: captures - 1,
      stats: null,
      gaps: [],
      shed: { ...handOver.shed },
      tool: { ...running.counters },
      unknown: 0,
    });
  return stopped() ? null : said;
}

/** Datagrams as they come, handed over ten times a second or when a block is full. */
async function readMirror(source: Extract<LiveSource, { kind: "mirror" }>): Promise<null> {
  const frames = new FrameGatherer((batch) => {
    stats.packets += batch.count;
    handOver.batch(batch, 0, linkTypes);
  });
  const linkTypes = [LinkType.ETHERNET, LinkType.RAW];
  /** There is no file: the octets of the frames, one after the other, name what was seen. */
  const hash = createHash("sha256");
  const stats = { packets: 0, bytes: 0, first: null, last: null, truncated: 0, malformedRecords: 0 } as unknown as CaptureStats;
  mirror = new MirrorListener(source.port, (bytes, start, end, linkType) => {
    const now = process.hrtime.bigint() - clockStart + wallStart;
    const sec = Number(now / 1_000_000_000n);
    const nsec = Number(now % 1_000_000_000n);
    stats.bytes += end - start;
    hash.update(bytes.subarray(start, end));
    stats.first ??= { sec, nsec };
    stats.last = { sec, nsec };
    frames.add(bytes, start, end, sec, nsec, linkType === LinkType.ETHERNET ? 0 : 1);
  });
  captures = 1;
  post({ kind: "capture", capture: 0, file: order.name, path: `udp ${source.address}:${source.port}`, format: "pcap" });
  for (const linkType of linkTypes) post({ kind: "point", capture: 0, interfaceId: 0, interfaceName: undefined, linkType, snapLength: 0 });
  await mirror.listen(source.address);
  while (!stopped()) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    frames.flush();
    told(0, stats, null);
  }
  mirror.close();
  frames.flush();
  told(0, stats, null);
  post({ kind: "captured", capture: 0, sha256: hash.digest("hex") });
  return null;
}
const clockStart = process.hrtime.bigint();
const wallStart = BigInt(Date.now()) * 1_000_000n;

/** Frames one by one into batches. */
class FrameGatherer {
  private readonly batch: FrameBatch;
  private used = 0;

  private readonly take: (batch: FrameBatch) => void;

  constructor(take: (batch: FrameBatch) => void) {
    this.take = take;
    const size = LIVE_LIMITS.blockFrames;
    this.batch = {
      bytes: new Uint8Array(LIVE_LIMITS.blockOctets),
      count: 0,
      offset: new Int32Array(size),
      captured: new Int32Array(size),
      original: new Int32Array(size),
      sec: new Float64Array(size),
      nsec: new Int32Array(size),
      point: new Int32Array(size),
      firstFrame: 1,
    };
  }

  add(bytes: Uint8Array, start: number, end: number, sec: number, nsec: number, point: number): void {
    const { batch } = this;
    if (batch.count === batch.offset.length || this.used + end - start > batch.bytes.length) this.flush();
    const n = batch.count++;
    batch.bytes.set(bytes.subarray(start, end), this.used);
    batch.offset[n] = this.used;
    batch.captured[n] = end - start;
    batch.original[n] = end - start;
    batch.sec[n] = sec;
    batch.nsec[n] = nsec;
    batch.point[n] = point;
    this.used += end - start;
  }

  flush(): void {
    if (this.batch.count > 0) this.take(this.batch);
    this.batch.count = 0;
    this.used = 0;
  }
}

async function run(): Promise<string | null> {
  const { source } = order;
  switch (source.kind) {
    case "interface":
      return readInterface(source);
    case "mirror":
      return readMirror(source);
    case "folder":
      for await (const path of newCaptures(source.path, stopped))
        await read(growing(source.path, path, stopped), captureName(path), path, true);
      return null;
    case "pcap-over-ip": {
      const socket = connect({ host: source.host, port: source.port });
      const watcher = setInterval(() => {
        if (stopped()) socket.destroy();
      }, 50);
      try {
        await read(socket, order.name, `${source.host}:${source.port}`, true);
      } catch (error) {
        if (!stopped()) throw error;
      } finally {
        clearInterval(watcher);
        socket.destroy();
      }
      return stopped() ? null : `${source.host}:${source.port} closed the connection`;
    }
    case "pipe": {
      const stream = openPipe(source.path, stopped);
      const watcher = setInterval(() => {
        if (stopped()) stream.destroy();
      }, 50);
      try {
        await read(stream, order.name, source.path, true);
      } catch (error) {
        if (!stopped()) throw error;
      } finally {
        clearInterval(watcher);
      }
      return null;
    }
  }
}

run().then(
  (why) => post({ kind: "end", why }),
  (error: unknown) => post({ kind: "end", why: error instanceof Error ? error.message : String(error) }),
);
