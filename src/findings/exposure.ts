import type { FindingDraft } from "#model/finding.ts";
import { microsToRfc3339 } from "#model/time.ts";
import { findingId, pseudonym } from "./assemble.ts";
import type { ExposedReceiver, ExposedSubscriber, FindingRecord, FindingsDocument } from "./document.ts";

type Exposure = FindingsDocument["exposure"];

/** What left, how much, when: in all, by receiver, and by subscriber. `drafts` are those that `findings` were made of. */
export function exposure(
  findings: readonly FindingRecord[],
  drafts: readonly FindingDraft[],
  network: string | null,
  pseudonymKey: Uint8Array,
): Exposure {
  const records = new Map(findings.map((finding) => [finding.id, finding]));
  const receivers: ExposedReceiver[] = [];
  const subscribers: ExposedSubscriber[] = [];
  for (const draft of drafts) {
    const finding = records.get(findingId(draft, network));
    if (finding === undefined || finding.data.length === 0) continue;
    const to = finding.receiver?.name ?? finding.receiver?.identity ?? finding.receiver?.address ?? null;
    receivers.push({
      receiver: to,
      address: finding.receiver?.address ?? null,
      findings: 1,
      pseudonyms: finding.subscribers.pseudonyms,
      data: finding.data,
      packets: finding.packets,
      bytes: contentOctets(finding),
      first: finding.first,
      last: finding.last,
    });
    for (const e of draft.exposed ?? []) {
      subscribers.push({
        pseudonym: pseudonym(pseudonymKey, e.subscriber),
        receivers: to === null ? [] : [to],
        findings: 1,
        data: finding.data,
        packets: e.packets,
        bytes: e.bytes,
        first: microsToRfc3339(e.firstMicros),
        last: microsToRfc3339(e.lastMicros),
      });
    }
  }
  return withTotals(findings, receivers, subscribers);
}

/** Two scans of one case: the totals of the joined findings, the parts side by side. */
export function joinExposure(findings: readonly FindingRecord[], a: Exposure, b: Exposure): Exposure {
  return withTotals(
    findings,
    [...(a.perReceiver ?? []), ...(b.perReceiver ?? [])],
    [...(a.perSubscriber ?? []), ...(b.perSubscriber ?? [])],
    [...a.receivers, ...b.receivers],
  );
}

function withTotals(
  findings: readonly FindingRecord[],
  receivers: readonly ExposedReceiver[],
  subscribers: readonly ExposedSubscriber[],
  addresses: readonly string[] = findings.flatMap(({ receiver }) => (typeof receiver?.address === "string" ? [receiver.address] : [])),
): Exposure {
  return {
    subscribers: new Set(findings.flatMap((finding) => finding.subscribers.pseudonyms)).size,
    bytes: findings.reduce((sum, finding) => sum + contentOctets(finding), 0),
    receivers: [...new Set(addresses)].sort(),
    perReceiver: joined(
      receivers,
      (r) => r.receiver ?? "",
      (x, y) => ({ ...x, ...sum(x, y), pseudonyms: union(x.pseudonyms, y.pseudonyms) }),
    ),
    perSubscriber: joined(
      subscribers,
      (s) => s.pseudonym,
      (x, y) => ({ ...x, ...sum(x, y), receivers: union(x.receivers, y.receivers) }),
    ),
  };
}

function joined<T>(list: readonly T[], key: (item: T) => string, join: (a: T, b: T) => T): T[] {
  const byKey = new Map<string, T>();
  for (const item of list) {
    const known = byKey.get(key(item));
    byKey.set(key(item), known === undefined ? item : join(known, item));
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

type Amount = Pick<ExposedSubscriber, "findings" | "data" | "packets" | "bytes" | "first" | "last">;

function sum(a: Amount, b: Amount): Amount {
  return {
    findings: a.findings + b.findings,
    data: union(a.data, b.data),
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    first: a.first < b.first ? a.first : b.first,
    last: a.last > b.last ? a.last : b.last,
  };
}

function union<T extends string>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])].sort((x, y) => (x < y ? -1 : 1));
}

function contentOctets(finding: FindingRecord): number {
  return finding.data.includes("content") ? finding.bytes : 0;
}
