/** Writing octets, network order. */
export type Octets = Uint8Array;

export function u8(n: number): Octets {
  return Uint8Array.of(n & 0xff);
}

export function u16(n: number): Octets {
  return Uint8Array.of((n >>> 8) & 0xff, n & 0xff);
}

export function u24(n: number): Octets {
  return Uint8Array.of((n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff);
}

export function u32(n: number): Octets {
  return Uint8Array.of((n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff);
}

export function u64(n: bigint): Octets {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, n);
  return out;
}

export function text(s: string): Octets {
  return new Uint8Array(Buffer.from(s, "latin1"));
}

export function hex(s: string): Octets {
  return new Uint8Array(Buffer.from(s.replace(/\s+/g, ""), "hex"));
}

export function cat(...parts: readonly Octets[]): Octets {
  let length = 0;
  for (const p of parts) length += p.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

export function zeros(length: number): Octets {
  return new Uint8Array(length);
}

/** Dotted quad or RFC 4291 text to 4 or 16 octets. */
export function address(a: string): Octets {
  if (!a.includes(":")) return Uint8Array.from(a.split(".").map(Number));
  const [head = "", tail] = a.split("::");
  const groups = (s: string): number[] => (s === "" ? [] : s.split(":").map((g) => Number.parseInt(g, 16)));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
  return cat(...all.map(u16));
}

export function isV6(a: string): boolean {
  return a.includes(":");
}

/** Digits, low nibble first, filler F (TS 29.002 TBCD-STRING). */
export function tbcd(digits: string): Octets {
  const padded = digits.length % 2 === 0 ? digits : `${digits}f`;
  const out = new Uint8Array(padded.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = Number.parseInt(padded[2 * i + 1] ?? "f", 16) * 16 + Number.parseInt(padded[2 * i] ?? "f", 16);
  }
  return out;
}

/** PLMN identity (TS 24.008 §10.5.1.13): MCC2|MCC1, MNC3|MCC3, MNC2|MNC1. */
export function plmnOctets(plmn: string): Octets {
  const d = Array.from(plmn, Number);
  const at = (i: number): number => d[i] ?? 15;
  return Uint8Array.of(at(1) * 16 + at(0), (plmn.length === 6 ? at(5) : 15) * 16 + at(2), at(4) * 16 + at(3));
}

/** DNS-style labels without the final zero, as APN and FQDN IEs want them. */
export function labels(name: string): Octets {
  return cat(...name.split(".").map((l) => cat(u8(l.length), text(l))));
}
