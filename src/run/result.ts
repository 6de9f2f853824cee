/** What the two engines of a run say at the moment: findings, coverage, exposure, as one document. Scan asks once, at the end; watch as often as it likes. */
import type { Declaration } from "#declaration/types.ts";
import { networkName } from "#declaration/unreviewed.ts";
import type { CaptureReader, PointRegistry } from "#capture/reader.ts";
import type { SelfCheck } from "#evidence/seal/self-check.ts";
import type { StandingVerdict } from "#evidence/seal/standing.ts";
import { assemble } from "#findings/assemble.ts";
import { FINDINGS_SCHEMA, type CaptureRecord, type FindingsDocument } from "#findings/document.ts";
import { exposure } from "#findings/exposure.ts";
import { codedLine, english } from "#findings/said.ts";
import type { Claim, FindingDraft, Standing } from "#model/finding.ts";
import type { Gap } from "#model/observation.ts";
import { state, type Statement } from "#model/statement.ts";
import { toRfc3339 } from "#model/time.ts";
import type { NetworkPicture } from "./context.ts";
import { conservationNotes, copiesNotSeen, type CopyKeys } from "./copy-search.ts";
import { gapsOf, notSeen } from "./coverage.ts";
import type { JudgeEngine } from "./engine/judge.ts";
import type { SenseEngine } from "./engine/sense.ts";
import type { PointIntake, PointTable } from "./points.ts";
import { VERSION } from "./version.ts";
import type { Volumes } from "./volumes.ts";

export interface ScanResult {
  readonly document: FindingsDocument;
  readonly drafts: readonly FindingDraft[];
  /** What was watched, and what is known of it. */
  readonly picture: NetworkPicture;
  readonly readers: readonly CaptureReader[];
  readonly pseudonymKey: Uint8Array;
  /** Keys of prints and of the sample, drawn for this run; kept with the case until they are opened or forgotten (`method.md` §5.1). */
  readonly copyKeys: CopyKeys;
  /** What the findings' standing rests on; null where no seal was given. */
  readonly standing: (StandingVerdict & { readonly note: string; readonly selfCheck: SelfCheck }) | null;
  /** Octets over time at each point; null where nothing is recorded. */
  readonly volumes: Volumes | null;
  /** Detectors that judged, with their thresholds, by claim. */
  readonly detectors: readonly { readonly claim: Claim; readonly settings: Readonly<Record<string, number | string>> }[];
}

/** Everything that a run's result is made of. */
export interface RunParts {
  /** `process.hrtime.bigint()` at the beginning. */
  readonly began: bigint;
  readonly registry: PointRegistry;
  readonly points: PointTable;
  readonly intake: PointIntake;
  readonly sense: SenseEngine;
  readonly judge: JudgeEngine;
  readonly readers: readonly CaptureReader[];
  /** What was missed before a frame was read. */
  readonly gaps: readonly Gap[];
  readonly copyKeys: CopyKeys;
  readonly volumes: Volumes | null;
  readonly declaration: { readonly declaration: Pick<Declaration, "network" | "unreviewed">; readonly sha256: string } | null;
  readonly pseudonymKey: Uint8Array;
  readonly identities: boolean;
  readonly standing: (captures: readonly CaptureRecord[]) => ScanResult["standing"];
}

/** How things stand: may be asked at any moment, and changes nothing. */
export function resultOf(parts: RunParts): ScanResult {
  const { sense, judge, points, readers, declaration, pseudonymKey } = parts;
  const { picture } = judge;
  parts.intake.noteLosses();
  const judgement = judge.stock();
  const { drafts } = judgement;
  const network = declaration === null ? null : networkName(declaration.declaration);
  const captures = readers.map((reader) => captureRecord(reader, sense, points));
  const standing = parts.standing(captures);
  const findings = assemble(drafts, {
    network,
    captureHash: (capture) => captures[capture]?.sha256 ?? "",
    pseudonymKey,
    identities: parts.identities,
    identitiesOf: (key) => picture.identitiesOf(key),
    isUser: (address) => picture.isUser(address),
    standing: (standing?.standing ?? "given") satisfies Standing,
  });
  const seconds = Number(process.hrtime.bigint() - parts.began) / 1e9;
  const unseen = notSeen(picture.knowledge, points.infos, copiesUnseen(sense, judge));
  const document: FindingsDocument = {
    schema: FINDINGS_SCHEMA,
    tool: { name: "tapproof", version: VERSION },
    network,
    captures,
    findings,
    declaration: declaration?.sha256 ?? null,
    coverage: {
      gaps: gapsOf(readers, sense.gaps(), picture.knowledge, points.infos, [...parts.gaps, ...judgement.gaps]),
      undecided: [...judgement.undecided],
      coveredInterceptions: judgement.coveredInterceptions,
      ...(judgement.awaitingAuthority === undefined ? {} : { awaitingAuthority: judgement.awaitingAuthority }),
      notSeen: unseen.map((line) => english(line)),
      notSeenCodes: unseen.map(codedLine),
    },
    exposure: exposure(findings, drafts, network, pseudonymKey),
    stats: {
      seconds: Math.round(seconds * 1e6) / 1e6,
      packetsPerSecond: Math.round(sense.frames / Math.max(seconds, 1e-6)),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    },
  };
  const detectors = judge.settings();
  return { document, drafts, picture, readers, pseudonymKey, copyKeys: parts.copyKeys, standing, volumes: parts.volumes, detectors };
}

function copiesUnseen(sense: SenseEngine, judge: JudgeEngine): Statement[] {
  const search = sense.copySearch;
  if (search === null) return [state("unseen.copies-not-searched")];
  return [...copiesNotSeen(search), ...conservationNotes(search, judge.picture.declaration, judge.enclosure)];
}

/** A capture as the document lists it. */
export function captureRecord(reader: CaptureReader, sense: SenseEngine, points: PointTable): CaptureRecord {
  const { stats } = reader;
  const names = reader.points.map((point) => points.infos[point.index]?.name ?? reader.file);
  return {
    file: reader.file,
    sha256: reader.sha256 ?? "",
    point: names[0] ?? reader.file,
    packets: stats.packets,
    bytes: stats.bytes,
    first: stats.first === null ? null : toRfc3339(stats.first),
    last: stats.last === null ? null : toRfc3339(stats.last),
    truncated: stats.truncated,
    malformed: sense.malformed(reader.capture) + stats.malformedRecords,
    ...(names.length > 1 ? { points: names } : {}),
  };
}
