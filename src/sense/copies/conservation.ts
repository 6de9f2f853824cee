/**
 * Conservation: what of subscribers leaves an element has to have entered it. Counted per flow and element, on points that show all that passes, so
 * that neither order nor clocks matter; a packet more out than in has no parent.
 */
export interface Balance {
  readonly element: number;
  /** Subscribers' packets and IP octets that entered and left. */
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly octetsIn: number;
  readonly octetsOut: number;
  /** Packets and octets that left beyond those that entered, flow by flow. */
  readonly parentless: number;
  readonly excess: number;
}

export const limits = {
  /** Flows at one element that are counted; past them nothing is said of it. */
  flows: 1 << 17,
  /** Elements. */
  elements: 4096,
} as const;

const IN = 0;
const OUT = 1;
const OCTETS_IN = 2;
const OCTETS_OUT = 3;

export class Conservation {
  /** Flows that could not be counted: then no balance holds. */
  dropped = 0;
  private readonly rows = new Map<number, number>();
  private counts = new Float64Array(1024 * 4);

  count(flow: number, element: number, enters: boolean, octets: number): void {
    const key = flow * limits.elements + element;
    let row = this.rows.get(key);
    if (row === undefined) {
      if (this.rows.size >= limits.flows) {
        this.dropped++;
        return;
      }
      row = this.rows.size;
      this.rows.set(key, row);
      if ((row + 1) * 4 > this.counts.length) {
        const wider = new Float64Array(this.counts.length * 2);
        wider.set(this.counts);
        this.counts = wider;
      }
    }
    const at = row * 4;
    const packets = at + (enters ? IN : OUT);
    this.counts[packets] = (this.counts[packets] as number) + 1;
    const sum = at + (enters ? OCTETS_IN : OCTETS_OUT);
    this.counts[sum] = (this.counts[sum] as number) + octets;
  }

  balances(): Balance[] {
    const byElement = new Map<number, Balance>();
    for (const [key, row] of this.rows) {
      const element = key % limits.elements;
      const [i, o, oi, oo] = this.counts.subarray(row * 4, row * 4 + 4) as unknown as [number, number, number, number];
      const known = byElement.get(element);
      byElement.set(element, {
        element,
        packetsIn: (known?.packetsIn ?? 0) + i,
        packetsOut: (known?.packetsOut ?? 0) + o,
        octetsIn: (known?.octetsIn ?? 0) + oi,
        octetsOut: (known?.octetsOut ?? 0) + oo,
        parentless: (known?.parentless ?? 0) + Math.max(0, o - i),
        excess: (known?.excess ?? 0) + Math.max(0, oo - oi),
      });
    }
    return [...byElement.values()].sort((a, b) => a.element - b.element);
  }
}
