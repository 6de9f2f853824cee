import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openCaptures, mergeCaptures } from "#capture/merge.ts";
import { PointRegistry } from "#capture/reader.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { Tracker } from "#join/tracker.ts";
import { writeSuite } from "#lab/suite.ts";
import type { Fact } from "#model/fact.ts";
import { ServiceWatch } from "#sense/services.ts";
import { copySearch } from "./copy-search.ts";
import { Pipeline, type FrameWatcher } from "./pipeline.ts";
import { PointIntake, PointTable } from "./points.ts";
import { quicPrimitives } from "./primitives.ts";

const root = mkdtempSync(join(tmpdir(), "tapproof-known-"));
let names: readonly string[] = [];
/** One scenario in eight: each costs four scans. All 300 were the same when this was written. */
beforeAll(() => {
  let scenario = 0;
  names = writeSuite("known", root, () => scenario++ % 8 === 0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Everything that a point tells of a scenario, with packets of known flows taken the short way or every frame seen by the watcher; and how many were taken. */
async function told(name: string, short: boolean, declared: boolean): Promise<{ readonly words: string; readonly taken: number }> {
  const directory = join(root, name);
  const registry = new PointRegistry();
  const paths = readdirSync(directory).filter((file) => file.includes(".pcap"));
  const inputs = await openCaptures(
    paths.map((file) => join(directory, file)),
    { registry },
  );
  const lookup = declared ? new Lookup(loadDeclaration(join(directory, "network.yaml")).declaration) : null;
  const points = new PointTable(lookup);
  const facts: (Fact | readonly unknown[])[] = [];
  const tracker = new Tracker(1, () => undefined);
  const tell = (fact: Fact): void => {
    facts.push(fact);
    tracker.take(fact);
  };
  const keys = { print: new Uint8Array(16).fill(1), sampling: new Uint8Array(16).fill(2) };
  let copies: ReturnType<typeof copySearch> | undefined;
  const watcher = (pipeline: Pipeline): FrameWatcher => {
    const search = copySearch(pipeline, lookup, points.infos, keys);
    copies = search;
    return short ? search : { frame: (view, seen) => search.frame(view, seen) };
  };
  const pipeline = new Pipeline(lookup, points, 7, tell, tracker, watcher, { key: [1, 2] });
  const { isSubscriber } = pipeline;
  const named = { add: (...words: readonly unknown[]) => void facts.push(words) };
  pipeline.watchServices(new ServiceWatch({ isSubscriber, endAt: () => undefined, holderAt: () => undefined }, named, quicPrimitives, 7));
  const intake = new PointIntake(
    points,
    registry,
    inputs.map(({ reader }) => reader),
  );
  await mergeCaptures(inputs, (batch, from, to, reader) => {
    const linkTypes = intake.meet(batch, from);
    pipeline.batch(batch, from, to, reader.capture, linkTypes);
  });
  pipeline.finish();
  copies?.finish();
  const rest = [copies?.observations(), copies?.coverage(), copies?.conservation.balances(), pipeline.flows4.flowsSeen, pipeline.frames];
  return { words: JSON.stringify([facts, rest]), taken: pipeline.shortened };
}

it("tells the same of packets of known flows as of packets that every table is asked for", { timeout: 300_000 }, async () => {
  const differ: string[] = [];
  let taken = 0;
  for (const name of names) {
    for (const declared of [false, true]) {
      const short = await told(name, true, declared);
      const long = await told(name, false, declared);
      taken += short.taken;
      expect(long.taken).toBe(0);
      if (short.words !== long.words) differ.push(`${name} ${declared ? "declared" : ""}`);
    }
  }
  expect(differ).toEqual([]);
  expect(taken).toBeGreaterThan(100);
});
