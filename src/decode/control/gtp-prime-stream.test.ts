import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Random } from "#lab/random.ts";
import { pcap } from "#lab/wire/pcap.ts";
import { tcpTalk } from "#lab/wire/tcp-talk.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { ControlStack } from "#decode/stack.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-gtp-prime-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
if (!hasTshark) console.warn("SKIPPED: tshark is missing: GTP' over TCP is not compared with it");

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
/** A Data Record Transfer Request with one record (TS 32.295 §6.2.4), and its answer, version 2 of GTP'. */
const REQUEST = hex(
  "4ef0 002e 0007 7e01 fc 0029 01 01 1c06 0023 bf4f 20 800155 8308 62021021436587f9 9607 91945123456709 9d08 5386001122334455",
);
const ANSWER = hex("4ef1 0007 0007 0180 fd 0002 0007");

const talk = tcpTalk(
  {
    client: "10.0.0.2",
    server: "10.9.2.1",
    cport: 40_000,
    sport: 3386,
    start: 1_767_225_600,
    rtt: 0.01,
    end: "fin",
    cuts: [7, 30, 3, 90],
    script: Array.from({ length: 5 }, () => [{ from: "client", data: REQUEST } as const, { from: "server", data: ANSWER } as const]).flat(),
  },
  new Random("gtp-prime"),
);

it("GTP' over TCP is read across segment borders, as tshark reads it", () => {
  const types: (number | undefined)[] = [];
  const stack = new ControlStack({ message: ({ message }) => void types.push(message.type), fault: () => undefined });
  const view = new PacketView();
  talk.forEach(({ packet }, i) => {
    decodeFrame(view, packet, 0, packet.length, packet.length, 101);
    if (stack.wants(view)) stack.packet(view, { capture: 0, point: 0, frame: i + 1, frames: undefined, time: { sec: i, nsec: 0 } });
  });
  stack.flush();
  expect(types.filter((type) => type === 240)).toHaveLength(5);
  expect(types.filter((type) => type === 241)).toHaveLength(5);
  if (!hasTshark) return;
  const file = join(folder, "stream.pcap");
  writeFileSync(
    file,
    pcap(
      talk.map(({ at, packet }) => ({ nanos: BigInt(Math.round(at * 1e9)), bytes: packet })),
      { linkType: 101 },
    ),
  );
  const read = spawnSync("tshark", ["-r", file, "-Y", "gtpprime", "-T", "fields", "-e", "gtp.message"], { encoding: "utf8" }).stdout;
  const theirs = read
    .split(/[\n,]/)
    .filter((text) => text !== "")
    .map(Number);
  const ascending = (list: readonly (number | undefined)[]): number[] => list.map((n) => n ?? -1).sort((a, b) => a - b);
  expect(ascending(theirs)).toEqual(ascending(types));
});

it("another protocol on the port is left alone", () => {
  const messages: unknown[] = [];
  const stack = new ControlStack({ message: (m) => void messages.push(m), fault: (f) => void messages.push(f) });
  const other = tcpTalk(
    {
      client: "10.0.0.2",
      server: "10.9.2.1",
      cport: 40_000,
      sport: 3386,
      start: 1_767_225_600,
      rtt: 0.01,
      script: [{ from: "client", data: new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n") }],
    },
    new Random("http"),
  );
  const view = new PacketView();
  for (const { packet } of other) {
    decodeFrame(view, packet, 0, packet.length, packet.length, 101);
    if (stack.wants(view)) stack.packet(view, { capture: 0, point: 0, frame: 1, frames: undefined, time: { sec: 0, nsec: 0 } });
  }
  expect(messages).toEqual([]);
});
