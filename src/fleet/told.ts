/** What a correlator says while it runs: each finding when it is new or says something else, what it takes back, and how the whole stands. */
import { randomBytes } from "node:crypto";
import type { LoadedDeclaration } from "#declaration/load.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { VERSION } from "#run/version.ts";
import { FLEET_LIMITS } from "./limits.ts";
import type { Received } from "./received.ts";
import { Speaker, wordKey, type Said } from "./word.ts";

export interface TellerSettings {
  /** Name of this correlator. */
  readonly by: string;
  readonly declaration: LoadedDeclaration;
  readonly signer: Signer;
  /** Resolves when acknowledged. */
  readonly send: (network: string, words: readonly { readonly key: string; readonly value: Buffer }[]) => Promise<void>;
}

/** Words that are sent at once. */
const AT_ONCE = 32;

/** One tenure: from the network's partition being given to this correlator until it is taken away. */
export class Teller {
  private readonly settings: TellerSettings;
  private readonly network: string;
  private readonly speaker: Speaker;
  private readonly told = new Map<string, { readonly text: string; readonly grade: string; readonly atMs: number }>();
  private declared = false;
  private standing = "";
  private standingMs = 0;

  constructor(settings: TellerSettings) {
    this.settings = settings;
    this.network = settings.declaration.declaration.network.name;
    const epoch = `${Date.now()}-${randomBytes(8).toString("hex")}`;
    this.speaker = new Speaker({ network: this.network, by: settings.by, tool: VERSION, epoch }, settings.signer);
  }

  /** Says what is new. What could not be sent is said again the next time. */
  async tell(document: FindingsDocument, received: Received, ended: boolean, nowMs: number = Date.now()): Promise<void> {
    const { declaration } = this.settings;
    if (!this.declared) {
      const said: Said = { kind: "declaration", sha256: declaration.sha256, declaration: declaration.declaration };
      // A declaration that does not fit is missed by those who draw the network; what was found is told all the same.
      if (JSON.stringify(said).length <= FLEET_LIMITS.wordBytes) await this.send([said]);
      this.declared = true;
    }
    await this.tellFindings(document.findings, ended, nowMs);
    const judgement = judgementOf(document, received, ended);
    const { stats: _, ...lasting } = judgement.document;
    const standing = JSON.stringify([
      lasting,
      judgement.findings,
      judgement.sensors.map(({ sensor, epoch, ended: over }) => [sensor, epoch, over]),
    ]);
    if (!ended && standing === this.standing && nowMs - this.standingMs < FLEET_LIMITS.statusMs) return;
    await this.send([judgement]);
    this.standing = standing;
    this.standingMs = nowMs;
  }

  private async tellFindings(findings: readonly FindingRecord[], ended: boolean, nowMs: number): Promise<void> {
    const fresh: { readonly said: Said; readonly id: string; readonly text: string; readonly grade: string }[] = [];
    const present = new Set<string>();
    for (const whole of findings) {
      const finding = shortened(whole);
      const { id, grade } = finding;
      present.add(id);
      const text = JSON.stringify(finding);
      const before = this.told.get(id);
      if (before?.text === text) continue;
      if (!ended && before !== undefined && before.grade === grade && nowMs - before.atMs < FLEET_LIMITS.retellMs) continue;
      fresh.push({ said: { kind: "finding", id, finding }, id, text, grade });
    }
    for (let i = 0; i < fresh.length; i += AT_ONCE) {
      const some = fresh.slice(i, i + AT_ONCE);
      await this.send(some.map(({ said }) => said));
      for (const { id, text, grade } of some) this.told.set(id, { text, grade, atMs: nowMs });
    }
    const gone = [...this.told.keys()].filter((id) => !present.has(id));
    for (const id of gone) {
      await this.send([{ kind: "finding", id, finding: null }]);
      this.told.delete(id);
    }
  }

  private send(words: readonly Said[]): Promise<void> {
    const { send, by } = this.settings;
    return send(
      this.network,
      words.map((said) => ({ key: wordKey(this.network, said, by), value: this.speaker.write(said, Date.now()) })),
    );
  }
}

/** A finding whose lists make it too long for a record tells their beginnings; its counts stay. */
function shortened(finding: FindingRecord): FindingRecord {
  if (JSON.stringify(finding).length <= FLEET_LIMITS.wordBytes) return finding;
  const most = FLEET_LIMITS.wordList;
  const evidence = (list: FindingRecord["evidence"]): FindingRecord["evidence"] =>
    list.slice(0, most).map((one) => ({ ...one, frames: one.frames.slice(0, most) }));
  return {
    ...finding,
    subscribers: { count: finding.subscribers.count, pseudonyms: finding.subscribers.pseudonyms.slice(0, most) },
    evidence: evidence(finding.evidence),
    witnesses: finding.witnesses.slice(0, most).map((witness) => ({ ...witness, evidence: evidence(witness.evidence) })),
    details: { ...finding.details, shortened: true },
  };
}

function judgementOf(whole: FindingsDocument, received: Received, ended: boolean): Extract<Said, { readonly kind: "judgement" }> {
  const { findings, ...document } = whole;
  const sensors = [...received.streams.values()].map((stream) => ({
    sensor: stream.sensor,
    epoch: stream.epoch,
    key: stream.key,
    tool: stream.tool,
    watermark: stream.watermark,
    records: stream.next,
    missing: stream.missing,
    dropped: stream.dropped.facts,
    clockOffsetMs: Math.round(stream.clockOffsetMs),
    brokerMs: stream.brokerMs,
    ended: stream.end !== null,
  }));
  const cut: string[] = [];
  const refused = [...received.refused.values()];
  const said = { kind: "judgement", document, findings: findings.length, cut, sensors, refused, ended } as const;
  const tooLong = (): boolean => JSON.stringify(said).length > FLEET_LIMITS.wordBytes;
  const most = FLEET_LIMITS.wordList;
  let { document: shown } = said;
  const steps: readonly (readonly [string, (from: typeof shown) => typeof shown])[] = [
    ["exposure.perSubscriber", (from) => ({ ...from, exposure: { ...from.exposure, perSubscriber: [] } })],
    ["captures", (from) => ({ ...from, captures: from.captures.slice(-most) })],
    ["exposure.perReceiver", (from) => ({ ...from, exposure: { ...from.exposure, perReceiver: [] } })],
    ["coverage.gaps", (from) => ({ ...from, coverage: { ...from.coverage, gaps: from.coverage.gaps.slice(0, most) } })],
    ["coverage.undecided", (from) => ({ ...from, coverage: { ...from.coverage, undecided: from.coverage.undecided.slice(0, most) } })],
    ["exposure.receivers", (from) => ({ ...from, exposure: { ...from.exposure, receivers: from.exposure.receivers.slice(0, most) } })],
  ];
  if (!tooLong()) return said;
  for (const [member, cutTo] of steps) {
    shown = cutTo(shown);
    cut.push(member);
    if (JSON.stringify({ ...said, document: shown }).length <= FLEET_LIMITS.wordBytes) break;
  }
  return { ...said, document: shown, sensors: sensors.slice(-most * 5) };
}
