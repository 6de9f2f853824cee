import { Ipv4Set } from "#bytes/ipv4-set.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import { parsePrefix } from "#declaration/address.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { LinkType } from "#model/frame.ts";

/**
 * Packets inside bearers between a subscriber and an element of the network: what a device says to the core by its own bearer, and what the core answers.
 * All else that is in a bearer is the subscriber's, and nobody looks at it here.
 */
export class InnerElements {
  /** The packet inside, as if it had been a frame of its own; of the last `find` that said so. */
  readonly view: PacketView = new PacketView();

  private readonly declaration: DeclarationLookup;
  private readonly isSubscriber: (bytes: Uint8Array, at: number, length: number) => boolean;
  /** Addresses of elements, so that a packet costs two bit tests. */
  private readonly elements4 = new Ipv4Set(MAX_ADDRESSES);
  /** Some element's addresses are a range too wide to list. */
  private wide = false;

  constructor(declaration: DeclarationLookup, isSubscriber: (bytes: Uint8Array, at: number, length: number) => boolean) {
    this.declaration = declaration;
    this.isSubscriber = isSubscriber;
    const { functions, hosts, groups } = declaration.declaration;
    for (const { addresses } of [...functions, ...hosts]) for (const address of addresses) this.learn(address);
    for (const { virtual } of groups) for (const address of virtual) this.learn(address);
  }

  /** Whether level `level` of the frame in `outer`, which a G-PDU carries, is a packet between a subscriber and an element. */
  find(outer: PacketView, level: number): boolean {
    const { bytes } = outer;
    const [src, dst] = [outer.ipSrc[level] as number, outer.ipDst[level] as number];
    const size = outer.ipVersion[level] === 4 ? 4 : 16;
    const from = this.isElement(bytes, src, size);
    if (!from && !this.isElement(bytes, dst, size)) return false;
    // Whoever writes a source that is not a device's is no subscriber who was given a bearer.
    if (!this.isSubscriber(bytes, from ? dst : src, size)) return false;
    const start = outer.ipStart[level] as number;
    const { view } = this;
    decodeFrame(view, bytes, start, (outer.ipEnd[level] as number) - start, outer.ipLength[level] as number, LinkType.RAW);
    return view.ipCount > 0 && view.fragmentLevel < 0;
  }

  /** Whether one of the two IPv4 addresses is an element's: only then may a packet between them be such a one. */
  concerns(bytes: Uint8Array, src: number, dst: number): boolean {
    return this.isElement(bytes, src, 4) || this.isElement(bytes, dst, 4);
  }

  private isElement(bytes: Uint8Array, at: number, size: number): boolean {
    if (size === 4 && !this.wide) return this.elements4.has(word(bytes, at));
    const { declaration } = this;
    return declaration.functionAtBytes(bytes, at, size) !== undefined || declaration.hosts.bytes(bytes, at, size).length > 0;
  }

  private learn(text: string): void {
    const prefix = parsePrefix(text);
    if (prefix === null || prefix.family === 6) return;
    const count = 2 ** (32 - prefix.length);
    if (count > WIDEST) {
      this.wide = true;
      return;
    }
    for (let i = 0; i < count; i++) if (!this.elements4.add((prefix.w3 + i) | 0)) this.wide = true;
  }
}

/** Addresses that are listed one by one; past it the declaration is asked of each packet. */
const MAX_ADDRESSES = 262_144;
/** Addresses of one range that are listed one by one (a /20). */
const WIDEST = 4096;

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
