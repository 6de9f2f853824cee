/**
 * Orders in much signalling: a capture of attaches, releases and detaches of a network with split user plane, in which one attach in so many carries an order (trace in the context
 * set-up, duplication in the session's rules) to a collector or receiver of its own. Prints how long it takes to read the capture's messages, to read and join them, and to scan it, and how
 * many of the orders were found.
 *
 *   node bench/orders.ts [--messages 200000] [--every 40] [--seed orders] [--keep]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeCaptures, openCaptures } from "#capture/merge.ts";
import { openCapture } from "#capture/open.ts";
import { PointRegistry } from "#capture/reader.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { ControlStack } from "#decode/stack.ts";
import { Case } from "#lab/case.ts";
import { Core } from "#lab/network/core.ts";
import { Random } from "#lab/random.ts";
import * as px from "#lab/wire/pfcp.ts";
import { Tracker } from "#join/tracker.ts";
import { Pipeline } from "#run/pipeline.ts";
import { PointTable } from "#run/points.ts";
import { scan } from "#run/scan.ts";
import { benchOptions } from "./options.ts";

const options = benchOptions("bench/orders.ts [--messages N] [--every N] [--seed TEXT] [--keep] [--part NAME] [--in DIR]");
const wanted = options.number("messages", 200000);
const every = options.number("every", 40);
const seed = options.text("seed", "orders");
/** Messages of one attach, release and detach, roughly. */
const MESSAGES_EACH = 38;
/** Subscribers of one round: the pool has room for no more. */
const ROUND = 75;

interface Planted {
  readonly claim: string;
  readonly receiver: string;
}

/** One capture file; all rounds are of one network, whose associations begin anew in each. */
function write(directory: string): Planted[] {
  const c = new Case("orders", seed, { kind: "cups" });
  const random = new Random(`${seed}/rounds`);
  const planted: Planted[] = [];
  let attached = 0;
  for (let round = 0; attached * MESSAGES_EACH < wanted; round++) {
    const core = new Core(c.layout, c.cables, random.fork(`round ${round}`));
    const start = round * 120;
    core.start(start);
    for (let i = 0; i < ROUND; i++, attached++) {
      const s = core.newSubscriber();
      const at = start + 2 + i;
      const number = planted.length;
      const receiver = `198.${18 + (number >> 16)}.${(number >> 8) & 0xff}.${number & 0xff}`;
      if (attached % every !== every - 1) core.attach(s, at);
      else if (number % 2 === 0) {
        core.attach(s, at, {
          trace: { contextSetup: { plmn: c.layout.plmn, id: number, session: 1, interfaces: 0xe0, depth: 1, collector: receiver } },
        });
        planted.push({ claim: "undeclared-trace", receiver });
      } else {
        const outer = px.outerHeader("gtpu", { address: receiver, teid: number });
        const duplicate = { destination: px.Destination.core, outer };
        core.attach(s, at, {
          rules: (_, b) => [
            px.createPdr(b.pdrUp),
            px.createPdr(b.pdrDown),
            px.createFar({ ...b.farUp, action: px.Action.forward | px.Action.duplicate, duplicate }),
            px.createFar(b.farDown),
          ],
        });
        planted.push({ claim: "undeclared-duplication", receiver });
      }
      core.detach(s, at + 20);
    }
  }
  for (const name of c.recorder.fileNames()) writeFileSync(join(directory, name), c.recorder.write(name));
  writeFileSync(join(directory, "network.yaml"), c.networkYaml());
  return planted;
}

async function decode(files: readonly string[]): Promise<number> {
  let messages = 0;
  for (const [capture, path] of files.entries()) {
    const reader = await openCapture(path, { capture, hash: true });
    const stack = new ControlStack({
      message: () => {
        messages++;
      },
      fault: () => undefined,
    });
    const view = new PacketView();
    const seen = { capture, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } };
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
      for (let i = 0; i < batch.count; i++) {
        decodeFrame(view, batch.bytes, batch.offset[i] ?? 0, batch.captured[i] ?? 0, batch.original[i] ?? 0, 1);
        seen.frame = batch.firstFrame + i;
        seen.time.sec = batch.sec[i] ?? 0;
        seen.time.nsec = batch.nsec[i] ?? 0;
        if (stack.wants(view)) stack.packet(view, seen);
      }
    }
    stack.flush();
    await reader.close();
  }
  return messages;
}

/** Reads, decodes and joins, as a scan does, with nobody to judge. */
async function track(files: readonly string[], declaration: ReturnType<typeof loadDeclaration>): Promise<void> {
  const registry = new PointRegistry();
  const inputs = await openCaptures(files, { registry });
  const lookup = new Lookup(declaration.declaration);
  const points = new PointTable(lookup);
  const tracker = new Tracker(1, () => undefined);
  const pipeline = new Pipeline(lookup, points, 1, (fact) => tracker.take(fact), tracker, null);
  const linkTypes = new Int32Array(64).fill(1);
  await mergeCaptures(inputs, (batch, from, to, reader) => {
    for (let i = points.infos.length; i < registry.points.length; i++) {
      const point = registry.points[i];
      if (point !== undefined) points.add(point, reader.file, false, 0);
    }
    pipeline.batch(batch, from, to, reader.capture, linkTypes);
  });
  pipeline.finish();
}

interface Part {
  readonly seconds: number;
  readonly peakMiB: number;
}

/** Runs in a process of its own, so that neither part pays for what the generator or the other one left behind. */
async function part(
  what: string,
  directory: string,
): Promise<Part & { messages?: number; findings?: { claim: string; receiver: string }[] }> {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(".pcap"))
    .map((name) => join(directory, name));
  const done = (): Part => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    return { seconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: Math.round(maxRSS / 1024) };
  };
  if (what === "start") return done();
  if (what === "read") return { messages: await decode(files), ...done() };
  if (what === "track") {
    await track(files, loadDeclaration(join(directory, "network.yaml")));
    return done();
  }
  const { document } = await scan({
    paths: files,
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: null,
    skipBad: false,
    identities: false,
    // Copies are another benchmark's question; there is no user traffic here.
    copyBytes: 0,
  });
  return { findings: document.findings.map(({ claim, receiver }) => ({ claim, receiver: receiver?.address ?? "" })), ...done() };
}

const own = options.text("part", "");
if (own !== "") console.log(JSON.stringify(await part(own, options.text("in", ""))));
else {
  const directory = mkdtempSync(join(tmpdir(), "tapproof-orders-"));
  const planted = write(directory);
  const run = (what: string): Awaited<ReturnType<typeof part>> =>
    JSON.parse(
      execFileSync(process.execPath, [import.meta.filename, "--part", what, "--in", directory], { encoding: "utf8", maxBuffer: 1 << 28 }),
    ) as Awaited<ReturnType<typeof part>>;
  const start = run("start").seconds;
  const reading = run("read");
  const tracking = run("track");
  const scanning = run("scan");
  const findings = scanning.findings ?? [];
  const found = planted.filter((order) => findings.some((f) => f.claim === order.claim && f.receiver === order.receiver)).length;
  const [readSeconds, trackSeconds, scanSeconds] = [reading.seconds - start, tracking.seconds - start, scanning.seconds - start];
  console.log(
    JSON.stringify({
      messages: reading.messages,
      orders: planted.length,
      found,
      others: findings.length - found,
      readSeconds: Number(readSeconds.toFixed(2)),
      trackSeconds: Number(trackSeconds.toFixed(2)),
      scanSeconds: Number(scanSeconds.toFixed(2)),
      scanToRead: Number((scanSeconds / readSeconds).toFixed(2)),
      scanToTrack: Number((scanSeconds / trackSeconds).toFixed(2)),
      messagesPerSecond: Math.round((reading.messages ?? 0) / scanSeconds),
      peakMiB: { read: reading.peakMiB, track: tracking.peakMiB, scan: scanning.peakMiB },
    }),
  );
  if (options.flag("keep")) console.error(directory);
  else rmSync(directory, { recursive: true });
}
