/**
 * What a reading of a capture says, in a form in which two readings can be compared: every message with its frame, and per
 * protocol the sets of identities, tunnel ends, addresses and names.
 */

export const VALUE_KINDS = ["imsi", "msisdn", "imei", "teids", "ueAddresses", "apn"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

export type ProtocolValues = Record<ValueKind, string[]>;

export interface Summary {
  /** `frame protocol type [kind|request|answer|ciphered] [application]`, in frame order, then as text. */
  messages: string[];
  /** Sorted, without repetition; by protocol. */
  values: Record<string, ProtocolValues>;
}

/** Collects what one reader finds. */
export class SummaryBuilder {
  private readonly messages: { frame: number; text: string }[] = [];
  private readonly values = new Map<string, Record<ValueKind, Set<string>>>();

  message(frame: number, protocol: string, words: readonly (string | number | undefined)[]): void {
    this.messages.push({ frame, text: [frame, protocol, ...words.filter((w) => w !== undefined)].join(" ") });
    this.of(protocol);
  }

  value(protocol: string, kind: ValueKind, value: string): void {
    this.of(protocol)[kind].add(value);
  }

  build(): Summary {
    const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const values: Summary["values"] = {};
    for (const protocol of [...this.values.keys()].sort(compare)) {
      const sets = this.values.get(protocol) as Record<ValueKind, Set<string>>;
      values[protocol] = Object.fromEntries(VALUE_KINDS.map((kind) => [kind, [...sets[kind]].sort(compare)])) as ProtocolValues;
    }
    this.messages.sort((a, b) => a.frame - b.frame || compare(a.text, b.text));
    return { messages: this.messages.map((m) => m.text), values };
  }

  private of(protocol: string): Record<ValueKind, Set<string>> {
    let sets = this.values.get(protocol);
    if (sets === undefined) {
      sets = { imsi: new Set(), msisdn: new Set(), imei: new Set(), teids: new Set(), ueAddresses: new Set(), apn: new Set() };
      this.values.set(protocol, sets);
    }
    return sets;
  }
}

export interface Difference {
  readonly protocol: string;
  /** `message`, or the kind of value. */
  readonly what: string;
  readonly side: "only ours" | "only tshark";
  readonly entry: string;
}

/** Every entry that only one of the two readings has; messages count as often as they occur. */
export function differences(ours: Summary, theirs: Summary): Difference[] {
  const out: Difference[] = [];
  const tell = (what: string, a: readonly string[], b: readonly string[], protocol: (entry: string) => string): void => {
    const left = counted(a);
    const right = counted(b);
    for (const [entry, count] of left) {
      for (let i = right.get(entry) ?? 0; i < count; i++) out.push({ protocol: protocol(entry), what, side: "only ours", entry });
    }
    for (const [entry, count] of right) {
      for (let i = left.get(entry) ?? 0; i < count; i++) out.push({ protocol: protocol(entry), what, side: "only tshark", entry });
    }
  };
  tell("message", ours.messages, theirs.messages, (entry) => entry.split(" ")[1] as string);
  for (const protocol of new Set([...Object.keys(ours.values), ...Object.keys(theirs.values)])) {
    for (const kind of VALUE_KINDS) tell(kind, ours.values[protocol]?.[kind] ?? [], theirs.values[protocol]?.[kind] ?? [], () => protocol);
  }
  return out;
}

function counted(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of list) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  return counts;
}

/** Stable text of a summary, one entry a line, so that changes are readable. */
export function summaryJson(summary: Summary): string {
  return `${JSON.stringify(summary, null, 1)}\n`;
}
