import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Handshake } from "./handshake.ts";

function record(type: number, length: number): Uint8Array {
  return Uint8Array.from([type, 3, 3, length >> 8, length & 255, ...Array.from({ length }, (_, i) => i & 255)]);
}
function sshPacket(message: number, length: number): Uint8Array {
  const out = new Uint8Array(4 + length);
  new DataView(out.buffer).setUint32(0, length);
  out[4] = 4;
  out[5] = message;
  return out;
}
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** Random octets under the new keys: lengths that mean nothing. */
const sealed = (octets: number): Uint8Array => Uint8Array.from({ length: octets }, (_, i) => (i * 97 + 201) & 255);

const TLS_BEGIN = join(record(22, 300), record(20, 1), record(22, 40));
const TLS_WHOLE = join(TLS_BEGIN, record(23, 700));
const SSH_BEGIN = join(text("SSH-2.0-OpenSSH_9.2\r\n"), sshPacket(20, 1_200), sshPacket(30, 44), sshPacket(21, 12));
const SSH_WHOLE = join(SSH_BEGIN, sealed(64));

/** Shows the octets in segments of the given sizes, in turn. */
function show(stream: Uint8Array, sizes: readonly number[], to: (bytes: Uint8Array, start: number, end: number) => void): void {
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    to(stream, at, Math.min(stream.length, at + size));
    at += size;
  }
}

const PROTOCOLS = [
  { name: "tls", begin: TLS_BEGIN, whole: TLS_WHOLE },
  { name: "ssh", begin: SSH_BEGIN, whole: SSH_WHOLE },
] as const;

describe.each(PROTOCOLS)("$name", ({ name, begin, whole }) => {
  it("is complete once both sides send data under the new keys, however segments fall", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const h = new Handshake();
        show(whole, sizes, (b, start, end) => h[name](b, start, end, 0));
        expect(h.completed).toBe(false);
        show(begin, sizes, (b, start, end) => h[name](b, start, end, 1));
        expect(h.completed, "a handshake alone is no access").toBe(false);
        show(whole.subarray(begin.length), sizes, (b, start, end) => h[name](b, start, end, 1));
        expect(h.completed).toBe(true);
      }),
    );
  });

  it("anything", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (segments) => {
        const h = new Handshake();
        for (const [i, s] of segments.entries()) h[name](s, 0, s.length, i & 1);
        expect(typeof h.completed).toBe("boolean");
      }),
    );
  });
});

it("TLS: after a lost segment, records that begin segments are met again", () => {
  const h = new Handshake();
  const segments = [TLS_BEGIN, record(23, 1_000).subarray(300, 700), record(23, 100)];
  for (const side of [0, 1]) for (const s of segments) h.tls(s, 0, s.length, side);
  expect(h.completed).toBe(true);
});
