/** A real network's kernel mirror, its copies sealed: the recording's own times and lengths, its VXLAN replaced by ESP and by WireGuard's format. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { scan } from "#run/scan.ts";

const EXAMPLE = "examples/lte-lab-b1-vxlan-mirred";
const COLLECTOR = Uint8Array.of(203, 0, 113, 77);

/** Octets that nobody could tell from ciphertext, the same each time. */
function noise(length: number, from: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i * 32 < length; i++) parts.push(createHash("sha256").update(`${from} ${i}`).digest());
  return Buffer.concat(parts).subarray(0, length);
}

function ipv4(header: Buffer, protocol: number, body: Buffer): Buffer {
  const out = Buffer.from(header);
  out.writeUInt16BE(20 + body.length, 2);
  out.writeUInt16BE(0, 6);
  out[9] = protocol;
  out.writeUInt16BE(0, 10);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += out.readUInt16BE(i);
  sum = (sum & 0xffff) + (sum >>> 16);
  out.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, 10);
  return Buffer.concat([out, body]);
}

const SEALS: Record<string, (header: Buffer, payload: number, n: number) => Buffer> = {
  esp: (header, payload, n) => ipv4(header, 50, noise(Math.ceil((payload + 2) / 4) * 4 + 24, n)),
  wireguard: (header, payload, n) => {
    const sealed = Buffer.concat([Buffer.of(4, 0, 0, 0), noise(12 + Math.ceil((payload + 20) / 16) * 16 + 16, n)]);
    const udp = Buffer.alloc(8);
    udp.writeUInt16BE(51_820, 0);
    udp.writeUInt16BE(51_820, 2);
    udp.writeUInt16BE(8 + sealed.length, 4);
    return ipv4(header, 17, Buffer.concat([udp, sealed]));
  },
};

/** The capture with every packet to the collector sealed, and how many there were. Little-endian pcap of Ethernet, or of Linux "any" frames. */
function sealCapture(capture: Buffer, seal: (header: Buffer, payload: number, n: number) => Buffer): { capture: Buffer; sealed: number } {
  const link = capture.readUInt32LE(20) === 1 ? 14 : 16;
  const out: Buffer[] = [capture.subarray(0, 24)];
  let sealed = 0;
  for (let at = 24; at + 16 <= capture.length;) {
    const length = capture.readUInt32LE(at + 8);
    const record = capture.subarray(at, at + 16 + length);
    at += 16 + length;
    const ip = record.subarray(16 + link);
    if (ip.length < 28 || ip[0] !== 0x45 || ip[9] !== 17 || !ip.subarray(16, 20).equals(COLLECTOR)) {
      out.push(record);
      continue;
    }
    const packet = seal(ip.subarray(0, 20), ip.length - 20, sealed++);
    const head = Buffer.from(record.subarray(0, 16 + link));
    head.writeUInt32LE(link + packet.length, 8);
    head.writeUInt32LE(link + packet.length, 12);
    out.push(head, packet);
  }
  return { capture: Buffer.concat(out), sealed };
}

test.each(Object.entries(SEALS))("%s: found by rhythm, both subscribers, not proven", async (_, seal) => {
  const directory = mkdtempSync(join(tmpdir(), "sealed-"));
  try {
    let sealed = 0;
    for (const file of readdirSync(EXAMPLE).filter((f) => f.endsWith(".pcap.gz"))) {
      const made = sealCapture(gunzipSync(readFileSync(join(EXAMPLE, file))), seal);
      sealed += made.sealed;
      writeFileSync(join(directory, file.replace(".gz", "")), made.capture);
    }
    expect(sealed).toBe(992);
    const { document } = await scan({
      paths: readdirSync(directory).map((f) => join(directory, f)),
      declaration: loadDeclaration(join(EXAMPLE, "network.yaml")),
      skipBad: false,
      identities: true,
    });
    expect(document.findings).toHaveLength(1);
    const [finding] = document.findings;
    expect(finding).toMatchObject({ claim: "covert-copy", grade: "corroborated", transport: { encrypted: true }, data: ["content"] });
    expect(finding?.element.name).toBe("epc");
    expect(finding?.receiver?.address).toBe("203.0.113.77");
    expect(finding?.subscribers.identities).toEqual(expect.arrayContaining(["imsi:001010123456780", "imsi:001010123456789"]));
    expect(finding?.packets).toBeGreaterThan(900);
    expect(finding?.packets).toBeLessThanOrEqual(992);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
