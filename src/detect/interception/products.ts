import { Login } from "#bytes/login.ts";
import type { HandoverMessage, InterceptionProduct, ShimMessage, TargetIdentifier, X2x3Message } from "#model/interception.ts";
import type { MessageOrigin } from "#model/message.ts";
import type { Instant } from "#model/time.ts";
import { compareInstants, toMicros } from "#model/time.ts";
import { EvidenceGatherer } from "#detect/gather.ts";

/**
 * Products of interception summed up: those that get the same answer from the register (same ends, same task, same
 * person, same stretch between the register's dates) are one bundle, so that a million packets cost one entry.
 */

export const PRODUCT_LIMITS = {
  /** Bundles; past it, further products are counted and reported as undecided. */
  bundles: 50_000,
  /** Targets that one bundle keeps. */
  targets: 32,
  /** Carried conversations in which a password was asked for; past it, what is typed in further ones is not taken for one. */
  asked: 10_000,
} as const;

export type ProductMessage = X2x3Message | HandoverMessage | ShimMessage;

export interface Bundle {
  readonly src: string;
  readonly dst: string;
  dstPort: number;
  /** `x2`, `x3`, `hi2`, `hi3`, or the shim's name. */
  readonly interface: string;
  readonly transport: string;
  readonly kind: "iri" | "cc";
  readonly xid: string | undefined;
  readonly liid: string | undefined;
  readonly interceptId: number | undefined;
  readonly targets: readonly TargetIdentifier[];
  /** Address of the person whose packets these are, where the product carries packets and says which way they go. */
  readonly ueAddress: string | undefined;
  /** Since when that address was its holder's, where it had been another's before; 0 where it had not, or only the arrival's time is known. */
  readonly heldSince: number;
  readonly authorisationCountry: string | undefined;
  readonly deliveryCountry: string | undefined;
  readonly timeIsOwn: boolean;
  /** After the element confirmed that the task was ended. */
  readonly afterEnd: boolean;
  /** One product's time: all of the bundle lie in the same stretch of the register. */
  readonly time: Instant;
  /** Earliest and latest of its products' times. */
  firstTime: Instant;
  lastTime: Instant;
  readonly evidence: EvidenceGatherer;
  readonly carriers: Set<string>;
  /** Whether any of it says where the target is. */
  holdsLocation: boolean;
  /** Whether a login in clear stands in it. */
  holdsLogin: boolean;
  products: number;
  /** Products that were whole. */
  whole: number;
  octets: number;
  firstMicros: number;
  lastMicros: number;
}

export interface ProductSorting {
  /** Stretch of the register's time. */
  stretch(time: Instant): number;
  /** Whether the element had ended this task before that time. */
  ended(xid: string, element: string, productMicros: number): boolean;
  isUser(address: string): boolean;
  /** Since when whoever then held it holds this address, where it came from somebody else; 0 where it did not. */
  heldSince(ueAddress: string, micros: number): number;
}

export class ProductLedger {
  readonly bundles = new Map<string, Bundle>();
  /** Two ends of a carried conversation whose first asked the second for a password, and got nothing typed since. */
  private readonly asked = new Set<string>();
  keepalives = 0;
  overflow = 0;
  private readonly sorting: ProductSorting;

  constructor(sorting: ProductSorting) {
    this.sorting = sorting;
  }

  add(message: ProductMessage, origin: MessageOrigin, micros: number): void {
    if (message.product !== "iri" && message.product !== "cc") {
      this.keepalives += 1;
      return;
    }
    const time = message.productTime ?? origin.time;
    const timeIsOwn = message.productTime !== undefined;
    const ueAddress = userAddress(message, this.sorting);
    const kind = message.product;
    const shim = "shim" in message ? message : undefined;
    const handover = "family" in message ? message : undefined;
    const afterEnd = message.xid !== undefined && timeIsOwn && this.sorting.ended(message.xid, origin.src, toMicros(time));
    const targets = message.targets.slice(0, PRODUCT_LIMITS.targets);
    const name = shim?.shim ?? message.protocol;
    // No product is made after it arrived, whatever the element's clock says.
    const heldSince = ueAddress === undefined || !timeIsOwn ? 0 : this.sorting.heldSince(ueAddress, Math.min(toMicros(time), micros));
    const key = [
      origin.src,
      origin.dst,
      name,
      kind,
      message.xid ?? "",
      message.liid ?? "",
      shim?.interceptId ?? "",
      targets.map((t) => `${t.kind}:${t.value}`).join(","),
      ueAddress ?? "",
      heldSince,
      handover?.authorisationCountry ?? "",
      handover?.deliveryCountry ?? "",
      timeIsOwn,
      afterEnd,
      this.sorting.stretch(time),
    ].join("\u0000");
    let bundle = this.bundles.get(key);
    if (bundle === undefined) {
      if (this.bundles.size >= PRODUCT_LIMITS.bundles) {
        this.overflow += 1;
        return;
      }
      bundle = {
        src: origin.src,
        dst: origin.dst,
        dstPort: origin.dstPort,
        interface: name,
        transport: origin.transport,
        kind,
        xid: message.xid,
        liid: message.liid,
        interceptId: shim?.interceptId,
        targets,
        ueAddress,
        heldSince,
        authorisationCountry: handover?.authorisationCountry,
        deliveryCountry: handover?.deliveryCountry,
        timeIsOwn,
        afterEnd,
        time,
        firstTime: time,
        lastTime: time,
        evidence: new EvidenceGatherer(),
        carriers: new Set(),
        products: 0,
        whole: 0,
        octets: 0,
        holdsLocation: false,
        holdsLogin: false,
        firstMicros: micros,
        lastMicros: micros,
      };
      this.bundles.set(key, bundle);
    }
    bundle.products += 1;
    bundle.holdsLocation ||= message.holdsLocation;
    bundle.holdsLogin ||= this.login(message);
    if (compareInstants(time, bundle.firstTime) < 0) bundle.firstTime = time;
    if (compareInstants(time, bundle.lastTime) > 0) bundle.lastTime = time;
    if (message.faults.length === 0 && !origin.incomplete) bundle.whole += 1;
    for (const c of message.contents) bundle.octets += c.ipOctets;
    bundle.firstMicros = Math.min(bundle.firstMicros, micros);
    bundle.lastMicros = Math.max(bundle.lastMicros, micros);
    bundle.evidence.addFrames(origin.capture, origin.frames);
    if (bundle.carriers.size < 16)
      bundle.carriers.add(`${origin.transport} ${origin.src}:${origin.srcPort} > ${origin.dst}:${origin.dstPort}`);
  }

  /** A login stands in the content, or what is typed where one was asked for. */
  private login(message: ProductMessage): boolean {
    let found = false;
    for (const { login, src, dst } of message.contents) {
      if (login === undefined) continue;
      if (login === Login.GIVEN) found = true;
      else if (login === Login.ASKED) {
        if (this.asked.size < PRODUCT_LIMITS.asked) this.asked.add(ends(src, dst));
      } else if (this.asked.delete(ends(dst, src))) found = true;
    }
    return found;
  }
}

function ends(from: string | undefined, to: string | undefined): string {
  return `${from ?? ""} ${to ?? ""}`;
}

/** The end of the carried packet that is the intercepted person's, where that can be told. */
function userAddress(product: InterceptionProduct, sorting: ProductSorting): string | undefined {
  const packet = product.contents.find((c) => c.src !== undefined);
  if (packet === undefined) return undefined;
  if (product.towards === "from-target") return packet.src;
  if (product.towards === "to-target") return packet.dst;
  const [src, dst] = [packet.src as string, packet.dst as string];
  const fromUser = sorting.isUser(src);
  // A call between two subscribers: nobody can say which of them it is about.
  if (fromUser === sorting.isUser(dst)) return undefined;
  return fromUser ? src : dst;
}
