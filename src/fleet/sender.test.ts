import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Signer } from "#evidence/keys/signer.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { readRecord, RECORD_VERSION } from "./record.ts";
import { Sender, type Unsent } from "./sender.ts";

const root = mkdtempSync(join(tmpdir(), "tapproof-sender-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const signer = Signer.generate();
const unsent = (sequence: number, facts: number): Unsent => ({
  v: RECORD_VERSION,
  network: "n",
  sensor: "s",
  key: signer.vkey,
  tool: "0",
  declaration: "0".repeat(64),
  epoch: `1700000000000-${"0".repeat(16)}`,
  sequence,
  watermark: sequence,
  facts,
  stamps: Array.from({ length: facts }, () => [sequence, 0] as [number, number]),
});

/** A sender towards a Kafka that can be away, and what arrived there. */
function link(name: string, spoolBytes: number) {
  const arrived: { readonly sequence: number; readonly facts: readonly string[]; readonly dropped: number; readonly spooled: number }[] =
    [];
  const said: string[] = [];
  const state = { away: true };
  const spool = join(root, name);
  const sender = new Sender({
    signer,
    spool,
    spoolBytes,
    say: (line) => said.push(line),
    send: (value) => {
      if (state.away) return Promise.reject(new Error("away"));
      const read = readRecord(value, Date.now());
      if ("refused" in read) throw new Error(read.refused);
      const { header, facts } = read;
      arrived.push({ sequence: header.sequence, facts, dropped: header.dropped.facts, spooled: header.spooled });
      return Promise.resolve();
    },
  });
  return { sender, arrived, said, state, spool };
}

it("keeps what waits on disk, says so once, and sends all of it in order", async () => {
  const { sender, arrived, said, state, spool } = link("order", 1 << 20);
  const records = FLEET_LIMITS.queuedRecords + 10;
  for (let i = 0; i < records; i++) expect(sender.put(unsent(i, 2), [`{"a":${i}}`, `{"b":${i}}`], false)).toBe(true);
  expect(readdirSync(spool)).toHaveLength(10);
  await new Promise((resolve) => setTimeout(resolve, 150));
  state.away = false;
  await sender.flush();
  expect(arrived.map(({ sequence }) => sequence)).toEqual(Array.from({ length: records }, (_, i) => i));
  expect(arrived.at(-1)).toMatchObject({ facts: [`{"a":${records - 1}}`, `{"b":${records - 1}}`], dropped: 0, spooled: 10 });
  expect(said).toEqual([expect.stringContaining("Kafka takes no records (away)"), expect.stringContaining("Kafka takes records again")]);
  expect(existsSync(spool)).toBe(false);
});

it("drops past its budget, counts it with its time, and tells it with every later record", async () => {
  const { sender, arrived, state } = link("budget", 100);
  let sequence = 0;
  for (let i = 0; i < FLEET_LIMITS.queuedRecords + 8; i++)
    if (sender.put(unsent(sequence, 1), [`{"x":"${"y".repeat(42)}"}`], false)) sequence++;
  expect(sender.full).toBe(true);
  // The last word of a sensor is kept whatever there is.
  expect(sender.put(unsent(sequence, 0), [], true)).toBe(true);
  state.away = false;
  await sender.flush();
  expect(arrived).toHaveLength(sequence + 1);
  expect(arrived.at(-1)?.dropped).toBe(FLEET_LIMITS.queuedRecords + 8 - sequence);
  expect(sender.full).toBe(false);
});

it("lets a source that can wait wait", async () => {
  const { sender, state } = link("wait", 0);
  for (let i = 0; i < FLEET_LIMITS.queuedRecords; i++) sender.put(unsent(i, 0), [], false);
  expect(sender.full).toBe(true);
  const room = sender.waitForRoom();
  state.away = false;
  await room;
  expect(sender.full).toBe(false);
  await sender.flush();
});
