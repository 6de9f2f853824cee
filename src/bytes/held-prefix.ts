/**
 * The /64 that an IPv6 address lies in. A PDN connection is given one /64 of its own, and the device makes what addresses it likes in it, changing
 * them at will (3GPP TS 23.401 §5.3.1.2.2, RFC 8981). Control path only.
 */
export interface HeldPrefix {
  /** The first 64 bits, as two unsigned words. */
  readonly high: number;
  readonly low: number;
}

/** Undefined for IPv4, for addresses of one link alone (RFC 4291 §2.5.6), and for what stands for an IPv4 address or nobody. `address`: RFC 5952. */
export function heldPrefix(address: string): HeldPrefix | undefined {
  if (!address.includes(":") || address.includes(".") || address.includes("/")) return undefined;
  const gap = address.indexOf("::");
  const head = groups(gap < 0 ? address : address.slice(0, gap));
  const tail = gap < 0 ? [] : groups(address.slice(gap + 2));
  if (head.length + tail.length > 8 || (gap < 0 && head.length !== 8)) return undefined;
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
  const [a = 0, b = 0, c = 0, d = 0] = all;
  const high = a * 0x10000 + b;
  const low = c * 0x10000 + d;
  if (!all.every((group) => group >= 0 && group <= 0xffff) || (a & 0xffc0) === 0xfe80 || (high === 0 && low === 0)) return undefined;
  return { high, low };
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : -1));
}

/** Both lie in one /64 that a subscriber could hold. */
export function inOneHeldPrefix(a: string, b: string): boolean {
  const [one, other] = [heldPrefix(a), heldPrefix(b)];
  return one !== undefined && other !== undefined && one.high === other.high && one.low === other.low;
}
