/**
 * Whether a warrant covers a product of interception or a task (`contract.md` §3, `method.md` §4). Pure: no clock, no
 * files; time is the product's own. The answer never says which warrant, whose, or until when.
 */
import type { ProductKind, TargetIdentifier } from "#model/interception.ts";
import { sameTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { compareInstants } from "#model/time.ts";
import type { AwaitingAuthority } from "./awaiting.ts";
import type { Warrant } from "./types.ts";

export interface CoverageQuestion {
  /** Whom the product, or the task it belongs to, says it is about. */
  readonly targets: readonly TargetIdentifier[];
  /** Who signalling says the carried packets belong to. A label that contradicts them settles nothing. */
  readonly joined: readonly TargetIdentifier[];
  /**
   * Who held the carried packets' address until it passed, in time for this product, to whom `joined` names: a label that names one of them is one that was
   * left running. Absent where that was not seen.
   */
  readonly former?: readonly TargetIdentifier[];
  readonly liids: readonly string[];
  readonly kind: Extract<ProductKind, "iri" | "cc">;
  /** The product's own time; where it states none, the time of capture, with `timeIsOwn` false. */
  readonly time: Instant;
  readonly timeIsOwn: boolean;
  /** Canonical address of who gets it. */
  readonly receiver: string;
  /** The receiver is a declared mediation function: a warrant that names the facility behind it covers it. */
  readonly receiverMediates: boolean;
}

/**
 * `covered`; or why not: `too-early`, `too-late` are outside of the period. `unknown`: no warrant names this person. `undecidable`: a warrant may name this person by an
 * identity whose mapping was not seen, or the product states no time and may have waited in a buffer.
 */
export type Coverage = "covered" | "out-of-scope" | "too-early" | "too-late" | "wrong-receiver" | "unknown" | "undecidable";

type Match = "yes" | "no" | "maybe";
type Within = "yes" | "maybe" | "too-early" | "too-late";

export class WarrantRegister {
  readonly #warrants: readonly Warrant[];
  /** Every `from` and `to`, sorted: between two neighbours no answer changes. */
  readonly #boundaries: readonly Instant[];
  readonly #used: Set<number> = new Set();

  /** Authorities that hold sealed entries; null where there are none. */
  readonly awaiting: AwaitingAuthority | null;

  constructor(warrants: readonly Warrant[], awaiting: AwaitingAuthority | null = null) {
    this.#warrants = warrants;
    this.awaiting = awaiting;
    const all = warrants.flatMap((w) => [w.from, w.to]).sort(compareInstants);
    this.#boundaries = all.filter((t, i) => i === 0 || compareInstants(t, all[i - 1] as Instant) !== 0);
  }

  get size(): number {
    return this.#warrants.length;
  }

  /** How many warrants of each scope: all that a record says of them. */
  get scopes(): { readonly iri: number; readonly cc: number; readonly both: number } {
    const count = (scope: Warrant["scope"]): number => this.#warrants.filter((w) => w.scope === scope).length;
    return { iri: count("iri"), cc: count("cc"), both: count("both") };
  }

  /**
   * Number of the stretch of time that holds `t`: odd on a boundary, even between two. Products of one stretch get
   * the same answer, so a stream can be summed up by stretch without keeping every time.
   */
  stretch(t: Instant): number {
    let low = 0;
    let high = this.#boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareInstants(this.#boundaries[middle] as Instant, t) < 0) low = middle + 1;
      else high = middle;
    }
    const at = this.#boundaries[low];
    return at !== undefined && compareInstants(at, t) === 0 ? 2 * low + 1 : 2 * low;
  }

  covers(q: CoverageQuestion): Coverage {
    let best: Coverage = "unknown";
    let nearest = Number.POSITIVE_INFINITY;
    let open = false;
    for (let i = 0; i < this.#warrants.length; i += 1) {
      const w = this.#warrants[i] as Warrant;
      const match = names(w, q);
      if (match === "no") continue;
      const period = inPeriod(w, q);
      const scope = w.scope === "both" || w.scope === q.kind;
      const receiver = q.receiverMediates || receives(w, q.receiver);
      if (scope && receiver && period === "yes" && match === "yes") {
        this.#used.add(i);
        return "covered";
      }
      if (scope && receiver && (period === "yes" || period === "maybe")) {
        open = true;
        continue;
      }
      if (match !== "yes") continue;
      // The nearest miss is the reason given; of equals, the one that is closest to an authority in force.
      const early = period === "too-early";
      const late = period === "too-late";
      const distance = (scope ? 0 : 4) + (receiver ? 0 : 5) + (early || late ? 6 : 0);
      if (distance < nearest) {
        nearest = distance;
        best = !scope ? "out-of-scope" : early ? "too-early" : late ? "too-late" : "wrong-receiver";
      }
    }
    return open ? "undecidable" : best;
  }

  /** Warrants in force at any time of [from, to] that covered nothing so far: how many, never which. */
  silent(from: Instant, to: Instant): number {
    return this.#warrants.filter((w, i) => !this.#used.has(i) && compareInstants(w.from, to) <= 0 && compareInstants(w.to, from) >= 0)
      .length;
  }

  /** Whether any warrant names this address as its receiver: it is then entitled to something. */
  namesReceiver(address: string): boolean {
    return this.#warrants.some((w) => receives(w, address));
  }
}

function names(w: Warrant, q: CoverageQuestion): Match {
  const stated = q.targets.some((t) => sameTarget(t, w.target)) || (w.liid !== undefined && q.liids.includes(w.liid));
  if (q.joined.some((t) => sameTarget(t, w.target))) return "yes";
  const contradicted = q.joined.some((t) => otherPerson(t, w.target));
  if (q.former?.some((t) => sameTarget(t, w.target)) === true) return "no";
  if (stated) return contradicted || q.former !== undefined ? "maybe" : "yes";
  // The handover identifier is given to one warrant: where both state one and they differ, it is another.
  if (contradicted || (w.liid !== undefined && q.liids.length > 0)) return "no";
  return q.targets.some((t) => otherPerson(t, w.target)) ? "no" : "maybe";
}

/** Another value of the same kind is another person; an address of the other family may be the same one's. */
function otherPerson(a: TargetIdentifier, b: TargetIdentifier): boolean {
  if (a.kind !== b.kind || a.kind === "other") return false;
  return a.kind !== "ip" || a.value.includes(":") === b.value.includes(":");
}

/** A product without a time of its own may have waited: its arrival proves only that it was made before. */
function inPeriod(w: Warrant, q: CoverageQuestion): Within {
  if (compareInstants(q.time, w.from) < 0) return "too-early";
  if (compareInstants(q.time, w.to) <= 0) return "yes";
  return q.timeIsOwn ? "too-late" : "maybe";
}

function receives(w: Warrant, address: string): boolean {
  if (w.receiver === address) return true;
  if (!w.receiver.includes("/")) return false;
  const prefix: TargetIdentifier = { kind: "ip", value: w.receiver, element: "", sent: "" };
  return sameTarget(prefix, { kind: "ip", value: address, element: "", sent: "" });
}
