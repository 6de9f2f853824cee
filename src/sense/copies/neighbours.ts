/** What the links of a point show of each other: which address is behind a MAC, and which links leave one MAC for several. */
import { ipv4Text, macText } from "#bytes/address.ts";
import type { PacketView } from "#decode/packet/view.ts";
import type { Leg } from "./legs.ts";

/** ARP entries kept. */
const MOST_ARP = 4096;
/** Links from one MAC, past which they are a switch's and tell nothing. */
const MOST_PARALLEL = 64;

export class Neighbours {
  private readonly arp = new Map<string, string>();
  private readonly linkSources = new Map<string, Leg[]>();

  /** RFC 826: operation at 6, sender hardware address at 8, sender protocol address at 14. */
  learnArp(view: PacketView): void {
    const at = view.layerStart[view.layerCount - 1] as number;
    if (at + 28 > view.end || this.arp.size >= MOST_ARP) return;
    const b = view.bytes;
    if (b[at + 4] !== 6 || b[at + 5] !== 4) return;
    const address = ipv4Text(b, at + 14);
    if (address !== "0.0.0.0") this.arp.set(macText(b, at + 8), address);
  }

  /** Marks links that leave one MAC for several: only packets on these are looked for on the others. */
  noteLink(leg: Leg): void {
    const d = leg.description;
    if (d.kind !== "link" || d.srcMac === undefined) return;
    const key = `${d.point} ${d.vlan} ${d.srcMac}`;
    const list = this.linkSources.get(key) ?? [];
    this.linkSources.set(key, list);
    if (!list.includes(leg)) list.push(leg);
    if (list.length > 1 && list.length < MOST_PARALLEL) for (const l of list) l.parallel = l.verdict === "path";
  }

  /** Addresses of MACs: told by ARP, else the only source address seen behind one. */
  addresses(legs: readonly Leg[]): Map<string, string> {
    const only = new Map<string, string | undefined>();
    for (const { description } of legs) {
      const { srcMac } = description;
      if (srcMac === undefined) continue;
      const src = description.carriers[0]?.src;
      only.set(srcMac, !only.has(srcMac) || only.get(srcMac) === src ? src : undefined);
    }
    const out = new Map<string, string>();
    for (const [address, src] of only) if (src !== undefined) out.set(address, src);
    for (const [address, told] of this.arp) out.set(address, told);
    return out;
  }
}
