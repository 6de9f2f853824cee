/** One finding with everything a reader who will be contradicted needs. */
import { standingsInLog } from "#evidence/seal/standing-in-log.ts";
import type { EvidenceRecord } from "#findings/document.ts";
import { delayToTell, placeOfAct } from "#findings/shown.ts";
import { saidOf } from "#findings/said.ts";
import type { EvidenceRef, Finding } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { reading } from "./evidence.ts";
import { proofOf } from "./proof.ts";
import { wayOf } from "./way.ts";

/** Pseudonyms shown with a finding; the count is exact. */
const MOST_PEOPLE = 1000;

export async function findingOf(of: OpenCase, id: string, cleared: boolean): Promise<Finding> {
  const record = await of.finding(id, cleared);
  const captures = new Map((of.document?.captures ?? []).map((c) => [c.sha256, c]));
  const refs = (list: readonly EvidenceRecord[]): EvidenceRef[] =>
    list.map((e) => ({
      capture: e.capture,
      file: captures.get(e.capture)?.file ?? null,
      point: captures.get(e.capture)?.point ?? null,
      frames: [...e.frames],
      framesTotal: e.framesTotal,
    }));
  const { previous, next } = of.index.neighbours(of.id, id, cleared);
  const vendor = of.lookup?.declaration.vendors.find((v) => v.id === record.element.vendor);
  const found = { at: of.meta.runs.at(-1)?.at ?? of.meta.created, author: `tapproof ${of.meta.tool.version}`, kind: "found" as const };
  return {
    id: record.id,
    case: of.id,
    network: of.document?.network ?? null,
    claim: record.claim,
    grade: record.grade,
    ...saidOf(record),
    element: record.element,
    vendorName: vendor?.name ?? null,
    receiver: record.receiver,
    act: record.act,
    transport: { ...record.transport, layers: [...record.transport.layers] },
    subscribers: {
      count: record.subscribers.count,
      pseudonyms: record.subscribers.pseudonyms.slice(0, MOST_PEOPLE),
      identitiesKept: record.subscribers.identities?.length ?? 0,
    },
    data: [...record.data],
    packets: record.packets,
    bytes: record.bytes,
    first: record.first,
    last: record.last,
    standing: record.standing === "given" ? "given" : (standingsInLog(reading(of), [record]).get(record.id) ?? "given"),
    premises: [...record.premises],
    evidence: refs(record.evidence),
    ruledOut: [...record.ruledOut],
    witnesses: record.witnesses.map((w) => ({ claim: w.claim, grade: w.grade, ...saidOf(w), evidence: refs(w.evidence) })),
    sources: [...record.sources],
    details: record.details,
    place: placeOfAct(record),
    delaySeconds: delayToTell(record),
    proof: proofOf(record),
    way: await wayOf(of, record, cleared),
    triage: of.casework.triage(id),
    comments: [...of.casework.comments(id)],
    history: [{ ...found, text: null, state: null, assignee: null, logIndex: null }, ...of.casework.history(id)],
    previous,
    next,
  };
}
