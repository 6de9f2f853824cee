import fc from "fast-check";
import { expect, it } from "vitest";
import type { TcpFlow } from "#decode/tcp/reassembler.ts";
import type { Sighting } from "#model/sighting.ts";
import { Looking, somethingBegins } from "./first-look.ts";
import { ControlStream, type StreamHost, type StreamPlace } from "./tcp-stream.ts";
import type { Ends } from "./where.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const X3 = hex(
  "00050002 00000028 00000014 0005 0003 000102030405060708090a0b0c0d0e0f 0000000000000007 4500001400010000401100000a0000010a000002",
);
const HANDOVER = hex(
  "3073a14680070400020205011e81084c4949443030303182024445a315a00c80044f50494481044e45303181010182024445840100851332303236303130313030" +
    "303030302e3030305aa229a1273025800100a220a21e800405030a02a11680144500001400010000401100000a0000010a000002",
);
/** Device-Watchdog-Request (RFC 6733 §5.5.1) with an Origin-Host. */
const DIAMETER = hex("0100002880000118000000000000000100000002 00000108400000136d6d652e6578616d706c6500 0000");
const HTTP = new TextEncoder().encode("POST /X1/NE HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");

const ENDS: Ends = { src: "10.0.0.1", dst: "10.0.0.2", srcPort: 1, dstPort: 2, transport: "tcp", inTunnel: false };

interface Step {
  readonly bytes: Uint8Array;
  /** Octets lost before the segment. */
  readonly gap: number;
}

/** What comes of a stream; `readersAtOnce`: with all readers made before its first octet. */
function told(steps: readonly Step[], fromStart: boolean, readersAtOnce: boolean): readonly unknown[] {
  const out: unknown[] = [];
  const host: StreamHost = {
    emit: (message, _ends, seen, frames, incomplete) => out.push({ message, frame: seen.frame, frames, incomplete }),
    fault: (fault, _ends, seen, frames) => out.push({ fault, frame: seen.frame, frames }),
    encrypted: (what) => out.push(what),
    budget: { left: 1 << 20 },
    tlsKeys: null,
  };
  const place: StreamPlace = { ends: () => ENDS, connection: () => ({ carries: undefined, tls: undefined }) };
  const flow: TcpFlow = { serial: 0, scope: 0, addresses: [0, 0, 0xffff, 1, 0, 0, 0xffff, 2], srcPort: 1, dstPort: 2, fromStart };
  const stream = new ControlStream(host, place, flow, false, true);
  const seen = (frame: number): Sighting => ({ capture: 0, point: 0, frame, frames: undefined, time: { sec: frame, nsec: 0 } });
  if (readersAtOnce) (stream as unknown as { makeReaders(at: Sighting): void }).makeReaders(seen(0));
  let wanted = true;
  for (const [i, { bytes, gap }] of steps.entries()) {
    if (wanted && gap !== 0) wanted = stream.gap(gap, seen(i + 1));
    if (wanted) wanted = stream.data(bytes, 0, bytes.length, seen(i + 1));
    out.push(wanted);
  }
  stream.end("flush");
  return out;
}

const octet = fc.oneof(fc.constantFrom(0, 1, 2, 4, 7, 0x0d, 0x30, 0x47, 0x80, 0x82, 0xa1, 0xa4, 0xff), fc.nat(255));
const junk = fc.array(octet, { maxLength: 60 }).map((list) => Uint8Array.from(list));
const piece = fc.oneof(junk, fc.constantFrom(X3, HANDOVER, DIAMETER, HTTP));
const stream = fc.array(piece, { maxLength: 8 }).chain((pieces) => {
  const bytes = Uint8Array.from(Buffer.concat(pieces));
  const cuts = fc.array(fc.nat(Math.max(1, bytes.length)), { maxLength: 14 });
  const gaps = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 3, -1), { minLength: 16, maxLength: 16 });
  return fc.tuple(cuts, gaps).map(([at, gap]): Step[] => {
    const borders = [...new Set([0, ...at, bytes.length])].filter((n) => n <= bytes.length).sort((a, b) => a - b);
    return borders.slice(1).map((to, i) => ({ bytes: bytes.subarray(borders[i], to), gap: gap[i] ?? 0 }));
  });
});

it("streams tell the same, whether their readers are made at once or when something begins", () => {
  let messages = 0;
  fc.assert(
    fc.property(stream, fc.boolean(), (steps, fromStart) => {
      const lazily = told(steps, fromStart, false);
      expect(lazily).toEqual(told(steps, fromStart, true));
      messages += lazily.filter((t) => typeof t === "object").length;
    }),
    { seed: 11, numRuns: 3000 },
  );
  expect(messages).toBeGreaterThan(1000);
});

it("a stream without anything is given up after as many octets", () => {
  const steps = Array.from({ length: 70 }, () => ({ bytes: new Uint8Array(1000).fill(0x55), gap: 0 }));
  for (const fromStart of [false, true]) {
    const lazily = told(steps, fromStart, false);
    expect(lazily).toEqual(told(steps, fromStart, true));
    expect(lazily.indexOf(false)).toBe(65);
  }
});

it("sees a PDU that any cut leaves the beginning of", () => {
  for (const [bytes, looking] of [
    [X3, Looking.X2X3],
    [HANDOVER, Looking.HANDOVER],
  ] as const) {
    for (let cut = 1; cut <= bytes.length; cut++) {
      const shown = Uint8Array.from([...new Uint8Array(9).fill(0x55), ...bytes.subarray(0, cut)]);
      expect(somethingBegins(shown, 0, shown.length, looking, true)).toBe(true);
      expect(somethingBegins(shown, 0, shown.length, looking, false)).toBe(false);
      expect(somethingBegins(shown, 9, shown.length, looking, false)).toBe(true);
    }
  }
});
