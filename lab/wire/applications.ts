/** What runs over TCP and UDP: DNS, TLS, SSH, HTTP, Telnet, NTP, syslog, SNMP, RTP, QUIC-like datagrams. */
import type { Random } from "#lab/random.ts";
import { address, cat, hex, labels, type Octets, text, u16, u24, u32, u8, zeros } from "./octets.ts";
import type { Line } from "./tcp-talk.ts";

/** RFC 1035 §4: one question; an answer is one A record, or TXT with the given content. */
export function dns(id: number, name: string, o: { answer?: string; txt?: Octets; type?: number } = {}): Octets {
  const type = o.type ?? 1;
  const response = o.answer !== undefined || o.txt !== undefined;
  const question = cat(labels(name), u8(0), u16(type), u16(1));
  const data = o.answer !== undefined ? address(o.answer) : o.txt !== undefined ? cat(u8(o.txt.length), o.txt) : zeros(0);
  const record = response ? cat(hex("c00c"), u16(type), u16(1), u32(300), u16(data.length), data) : zeros(0);
  return cat(u16(id), u16(response ? 0x8180 : 0x0100), u16(1), u16(response ? 1 : 0), u16(0), u16(0), question, record);
}

/** RFC 8446 §5.1 */
export function tlsRecord(type: number, content: Octets): Octets {
  return cat(u8(type), u16(0x0303), u16(content.length), content);
}

function handshake(type: number, body: Octets): Octets {
  return cat(u8(type), u24(body.length), body);
}

function extension(type: number, body: Octets): Octets {
  return cat(u16(type), u16(body.length), body);
}

function clientHello(random: Random, host: string): Octets {
  const sni = text(host);
  const extensions = cat(
    extension(0, cat(u16(sni.length + 3), u8(0), u16(sni.length), sni)),
    extension(43, hex("020304")),
    extension(10, hex("0002001d")),
    extension(13, hex("000404030804")),
    extension(51, cat(u16(36), u16(0x1d), u16(32), random.bytes(32))),
  );
  const body = cat(
    u16(0x0303),
    random.bytes(32),
    u8(32),
    random.bytes(32),
    hex("0004 1301 1302"),
    hex("0100"),
    u16(extensions.length),
    extensions,
  );
  return cat(u8(0x16), u16(0x0301), u16(body.length + 4), handshake(1, body));
}

/** Server Hello, Change Cipher Spec and the encrypted flight. */
function serverFlight(random: Random, certificate: number): Octets {
  const extensions = cat(extension(43, hex("0304")), extension(51, cat(u16(0x1d), u16(32), random.bytes(32))));
  const body = cat(u16(0x0303), random.bytes(32), u8(32), random.bytes(32), hex("1301"), u8(0), u16(extensions.length), extensions);
  return cat(tlsRecord(22, handshake(2, body)), tlsRecord(20, u8(1)), tlsRecord(23, random.bytes(certificate)));
}

/** A TLS 1.3 session as a script: hello, flight, finished, then records of ciphertext both ways. */
export function tlsScript(
  random: Random,
  host: string,
  records: readonly { from: "client" | "server"; size: number; after?: number; label?: string }[],
  label?: string,
): Line[] {
  const tag = label === undefined ? {} : { label };
  return [
    { from: "client", data: clientHello(random, host), ...tag },
    { from: "server", data: serverFlight(random, random.int(1400, 2600)), after: 0.02, ...tag },
    { from: "client", data: cat(tlsRecord(20, u8(1)), tlsRecord(23, random.bytes(53))), ...tag },
    ...records.map((r): Line => ({
      from: r.from,
      data: ciphertext(random, r.size),
      ...(r.after === undefined ? {} : { after: r.after }),
      ...(r.label === undefined ? tag : { label: r.label }),
    })),
  ];
}

/** Application-data records of at most 4 KiB. */
function ciphertext(random: Random, size: number): Octets {
  const out: Octets[] = [];
  for (let rest = size; rest > 0; rest -= 4096) out.push(tlsRecord(23, random.bytes(Math.max(24, Math.min(rest, 4096)))));
  return cat(...out);
}

/** RFC 4253: version exchange, KEXINIT, ECDH, NEWKEYS, then encrypted packets. */
export function sshScript(random: Random, exchanges: number, o: { label?: string; pause?: number } = {}): Line[] {
  const tag = o.label === undefined ? {} : { label: o.label };
  const packet = (payload: Octets): Octets => {
    const padding = 8 - ((payload.length + 5) % 8) + 4 + ((payload.length + 5) % 8 > 4 ? 4 : 0);
    const fit = (8 - ((payload.length + 5 + padding) % 8)) % 8;
    return cat(u32(payload.length + 1 + padding + fit), u8(padding + fit), payload, random.bytes(padding + fit));
  };
  const list = (s: string): Octets => cat(u32(s.length), text(s));
  const kexinit = (): Octets =>
    packet(
      cat(
        u8(20),
        random.bytes(16),
        list("curve25519-sha256"),
        list("ssh-ed25519"),
        list("aes128-ctr"),
        list("aes128-ctr"),
        list("hmac-sha2-256"),
        list("hmac-sha2-256"),
        list("none"),
        list("none"),
        list(""),
        list(""),
        u8(0),
        u32(0),
      ),
    );
  const out: Line[] = [
    { from: "server", data: text("SSH-2.0-OpenSSH_8.9\r\n"), ...tag },
    { from: "client", data: text("SSH-2.0-OpenSSH_9.6\r\n"), ...tag },
    { from: "client", data: kexinit(), ...tag },
    { from: "server", data: kexinit(), ...tag },
    { from: "client", data: packet(cat(u8(30), u32(32), random.bytes(32))), ...tag },
    {
      from: "server",
      data: cat(
        packet(
          cat(
            u8(31),
            u32(51),
            list("ssh-ed25519"),
            u32(32),
            random.bytes(32),
            u32(32),
            random.bytes(32),
            u32(83),
            list("ssh-ed25519"),
            u32(64),
            random.bytes(64),
          ),
        ),
        packet(u8(21)),
      ),
      ...tag,
    },
    { from: "client", data: packet(u8(21)), ...tag },
  ];
  for (let i = 0; i < exchanges; i++) {
    out.push({ from: "client", data: random.bytes(random.pick([36, 52, 68])), after: (o.pause ?? 1) * (0.3 + random.unit()), ...tag });
    out.push({ from: "server", data: random.bytes(random.pick([52, 84, 196, 600])), ...tag });
  }
  return out;
}

export function httpGet(host: string, path: string): Octets {
  return text(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n`);
}

export function httpOk(body: Octets, type = "application/octet-stream"): Octets {
  return cat(text(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`), body);
}

export function httpPost(host: string, path: string, body: Octets, type = "text/plain"): Octets {
  return cat(text(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`), body);
}

/** RFC 5905, version 4; `seconds` since the epoch. */
export function ntp(mode: 3 | 4, seconds: number, random: Random): Octets {
  const stamp = (): Octets => cat(u32(seconds + 2_208_988_800), random.bytes(4));
  if (mode === 3) return cat(hex("23000600"), zeros(36), stamp());
  return cat(hex("240106e9"), u32(0), u32(0x21), text("GPS\0"), stamp(), stamp(), stamp(), stamp());
}

export function syslog(host: string, message: string, iso: string): Octets {
  return text(`<134>1 ${iso} ${host} callproc 987 ID96 - ${message}`);
}

function ber(tag: number, ...parts: readonly Octets[]): Octets {
  const v = cat(...parts);
  return cat(u8(tag), v.length < 128 ? u8(v.length) : v.length < 256 ? cat(u8(0x81), u8(v.length)) : cat(u8(0x82), u16(v.length)), v);
}

/** SNMPv2c (RFC 3416): get-request or response for sysUpTime; `set` writes a config-copy object. */
export function snmp(kind: "get" | "response" | "set", id: number, value = 0): Octets {
  const tag = { get: 0xa0, response: 0xa2, set: 0xa3 }[kind];
  const oid = kind === "set" ? hex("2b0601040109096001 0101010e01") : hex("2b060102010103 00");
  const content = kind === "get" ? ber(5) : kind === "set" ? ber(2, u8(4)) : ber(0x43, u32(value & 0x7fffffff));
  const binding = ber(0x30, ber(0x30, ber(6, oid), content));
  return ber(0x30, ber(2, u8(1)), ber(4, text("public")), ber(tag, ber(2, u32(id & 0x7fffffff)), ber(2, u8(0)), ber(2, u8(0)), binding));
}

/** RFC 3550, payload type 0 (PCMU) or dynamic. */
export function rtp(sequence: number, timestamp: number, ssrc: number, payload: Octets, type = 0): Octets {
  return cat(u8(0x80), u8(type), u16(sequence), u32(timestamp), u32(ssrc), payload);
}

/** A QUIC 1-RTT packet's shape (RFC 9000 §17.3): short header, connection id, protected rest. */
export function quicLike(random: Random, connection: Octets, size: number): Octets {
  // 0x47 starts an MPEG transport stream packet, which readers that guess would take it for.
  return cat(u8(0x40 | random.pick([1, 2, 3, 0x18, 0x19, 0x1a, 0x1b])), connection, random.bytes(Math.max(20, size)));
}

/** ICMP echo content of common implementations: time stamp, then counting octets. */
export function pingPattern(random: Random): Octets {
  return cat(
    random.bytes(8),
    Uint8Array.from({ length: 48 }, (_, i) => 0x10 + i),
  );
}
