import type { ScanResult } from "./scan.ts";
import type { NetworkPicture } from "./context.ts";
import { explanationOf } from "#detect/flow-question.ts";
import { findingId, pseudonym } from "#findings/assemble.ts";
import type { FlowObservation, MessageObservation, Observation, ServiceObservation, TunnelObservation } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { flatten } from "#decode/stack.ts";
import type { CaseWriter } from "#store/database.ts";
import { isOf, LAWFUL_FUNCTIONS } from "#declaration/role-groups.ts";

/** Handover and tasking of interception (TS 33.128, TS 33.108, TS 103 221). */
const INTERCEPTION: ReadonlySet<string> = new Set(["x1", "x2", "x3", "hi2", "hi3"]);
const INTERCEPTION_POINT = /^(X|LI_X|HI)[123]\b/i;
/** Interception messages held until findings say which of them are evidence; later ones are in no table. */
const MAX_HELD = 20_000;

interface HeldMessage {
  readonly capture: number;
  readonly frame: number;
  readonly row: Parameters<CaseWriter["row"]>[1];
}

/**
 * Writes what a scan observes into the tables of a case as it comes, and what is known at its end. What a warrant covers never reaches the disk
 * (method: covered interception leaves no record): messages of interception wait in memory for a finding that rests on them, and
 * conversations with lawful addresses, declared or named by a warrant, are not written.
 */
export class CaseRecorder {
  private readonly writer: CaseWriter;
  private readonly key: Uint8Array;
  private readonly identities: boolean;
  /** Set by the scan before the first observation. */
  picture: NetworkPicture | undefined = undefined;
  private readonly held: HeldMessage[] = [];
  /** Points and captures at which something was left out: what is told of them must not add up to it. */
  private readonly guardedPoints = new Set<number>();
  private readonly guardedCaptures = new Set<number>();

  constructor(writer: CaseWriter, pseudonymKey: Uint8Array, identities: boolean) {
    this.writer = writer;
    this.key = pseudonymKey;
    this.identities = identities;
  }

  observe(observation: Observation): void {
    if (observation.kind === "message") this.message(observation);
    else if (observation.kind === "flow") this.flow(observation);
    else if (observation.kind === "tunnel") this.tunnel(observation);
    else if (observation.kind === "service") this.service(observation);
  }

  private shown(identity: string | undefined): string | null {
    if (identity === undefined) return null;
    return this.identities ? identity : pseudonym(this.key, identity);
  }

  /** A user's address is an identity; the network's own is not. */
  private address(address: string): string {
    return this.picture?.isUser(address) === true ? (this.shown(`ip:${address}`) as string) : address;
  }

  /** Within a subscriber's tunnel an address is his, or one he talks to, unless a declared function has it. */
  private inner(address: string, within: boolean): string {
    const own = !within || this.picture?.declaration?.functionAt(address) !== undefined;
    return own ? this.address(address) : (this.shown(`ip:${address}`) as string);
  }

  /** Something of this capture is told nowhere. */
  private guardCapture(capture: number): void {
    this.guardedCaptures.add(capture);
    for (const point of this.picture?.points ?? []) if (point.capture === capture) this.guardedPoints.add(point.index);
  }

  /** Whom the law listens with. */
  private lawful(address: string): boolean {
    const { picture } = this;
    if (picture === undefined) return false;
    const { declaration } = picture;
    return (
      declaration?.lawfulRole(address) !== undefined ||
      picture.warranted(address) ||
      isOf(declaration?.functionAt(address)?.roles ?? [], LAWFUL_FUNCTIONS)
    );
  }

  private message({ observed, subscriber }: MessageObservation): void {
    const { origin } = observed;
    const lawful = this.lawful(origin.src) || this.lawful(origin.dst);
    for (const message of flatten(observed.message)) {
      const row = [
        origin.capture,
        origin.frame,
        toMicros(origin.time),
        this.inner(origin.src, origin.inTunnel),
        this.inner(origin.dst, origin.inTunnel),
        message.protocol,
        message.type,
        message.name,
        subscriber === undefined ? null : this.shown(this.picture?.subscriberKey(subscriber)),
        message.faults.length,
      ];
      if (!lawful && !INTERCEPTION.has(message.protocol)) this.writer.row("messages", row);
      else if (this.held.length >= MAX_HELD) this.guardCapture(origin.capture);
      else this.held.push({ capture: origin.capture, frame: origin.frame, row });
    }
  }

  private flow(flow: FlowObservation): void {
    const { initiator: a, responder: b } = flow;
    if (this.lawful(a.address) || this.lawful(b.address) || INTERCEPTION.has(flow.application ?? "")) {
      this.guardedPoints.add(flow.point);
      return;
    }
    this.writer.row("flows", [
      flow.point,
      flow.protocol,
      this.address(a.address),
      a.port,
      this.address(b.address),
      b.port,
      flow.application,
      flow.serverName,
      a.packets + b.packets,
      a.bytes + b.bytes,
      a.payloadBytes,
      b.payloadBytes,
      flow.handshakeCompleted,
      this.explanation(flow),
      flow.firstMicros,
      flow.lastMicros,
    ]);
  }

  private explanation(flow: FlowObservation): string | null {
    const answer = this.picture === undefined ? undefined : explanationOf(flow, this.picture);
    return answer?.explained === true ? answer.by : null;
  }

  private tunnel(use: TunnelObservation): void {
    const subscriber = use.signalled?.subscriber;
    if (this.lawful(use.source) || this.lawful(use.end.address)) {
      this.guardedPoints.add(use.point);
      return;
    }
    this.writer.row("tunnels", [
      use.point,
      this.inner(use.source, use.withinTunnel === true),
      this.inner(use.end.address, use.withinTunnel === true),
      use.end.teid,
      use.signalled?.interface,
      subscriber === undefined ? null : this.shown(this.picture?.subscriberKey(subscriber)),
      use.packets,
      use.bytes,
      use.firstMicros,
      use.lastMicros,
      use.signalled?.releasedMicros,
    ]);
  }

  private service({ tac, name, source, subscribers, flows, firstMicros, lastMicros }: ServiceObservation): void {
    this.writer.row("services", [tac, name, source, subscribers, flows, firstMicros, lastMicros]);
  }

  /** What is known when the input has ended. */
  finish(result: ScanResult): void {
    const { writer } = this;
    const { document, picture } = result;
    const { knowledge } = picture;
    document.captures.forEach((c, index) => {
      writer.row("captures", [index, c.file, c.sha256, c.packets, c.bytes, micros(c.first), micros(c.last), c.truncated, c.malformed]);
    });
    for (const point of picture.points) writer.row("points", [point.index, point.capture, point.name, point.interface, point.complete]);
    const evidence = new Set(document.findings.flatMap((f) => f.evidence.flatMap((e) => e.frames.map((frame) => `${e.capture} ${frame}`))));
    for (const { capture, frame, row } of this.held) {
      if (evidence.has(`${document.captures[capture]?.sha256 ?? ""} ${frame}`)) writer.row("messages", row);
      else this.guardCapture(capture);
    }
    for (const point of this.guardedPoints) this.guardCapture(picture.points[point]?.capture ?? -1);
    writer.guard([...this.guardedPoints], [...this.guardedCaptures]);
    for (const { point, from, seconds, packets, bytes } of result.volumes?.all() ?? []) {
      // what passes a link of interception over time is when somebody was listened to
      const face = picture.points[point]?.interface ?? "";
      if (!INTERCEPTION_POINT.test(face) && face !== "LI") writer.row("volumes", [point, from * 1e6, seconds, packets, bytes]);
    }
    for (const element of knowledge.elements()) {
      if (this.lawful(element.address)) continue;
      const shown = picture.element(element.address);
      for (const [role, evidence] of element.roles) {
        writer.row("elements", [
          this.address(element.address),
          shown.name,
          shown.vendor,
          shown.name !== null,
          role,
          evidence.because,
          evidence.count,
        ]);
      }
    }
    for (const r of knowledge.references()) {
      if (INTERCEPTION_POINT.test(r.name) || this.lawful(r.a) || this.lawful(r.b)) continue;
      writer.row("reference_points", [this.address(r.a), this.address(r.b), r.name, r.messages]);
    }
    for (const s of knowledge.subscribers()) {
      writer.row("sessions", [
        this.shown(picture.subscriberKey(s)),
        this.shown(s.imsi === undefined ? undefined : `imsi:${s.imsi}`),
        this.shown(s.msisdn === undefined ? undefined : `msisdn:${s.msisdn}`),
        this.shown(s.imei === undefined ? undefined : `imei:${s.imei}`),
        s.ueAddresses.map((address) => this.shown(`ip:${address}`)).join(","),
        s.apns.join(","),
        s.servingEnb === undefined ? null : this.address(s.servingEnb),
        s.emergency,
        s.imei === undefined || s.imei.length < 8 ? null : s.imei.slice(0, 8),
        s.firstMicros,
        s.lastMicros,
      ]);
    }
    for (const f of document.findings) {
      writer.row("findings", [
        f.id,
        f.claim,
        f.grade,
        f.summary,
        f.element.name ?? f.element.address,
        f.element.address,
        f.element.vendor,
        f.receiver === null ? null : (f.receiver.address ?? f.receiver.identity ?? f.receiver.name),
        f.act,
        f.bits,
        f.subscribers.count,
        f.packets,
        f.bytes,
        micros(f.first),
        micros(f.last),
      ]);
      for (const e of f.evidence) for (const frame of e.frames) writer.row("evidence", [f.id, e.capture, frame]);
    }
    for (const draft of result.drafts) {
      const id = findingId(draft, document.network);
      for (const e of draft.exposed ?? []) {
        const whom = this.identities ? e.subscriber : pseudonym(this.key, e.subscriber);
        writer.row("exposed", [id, whom, e.packets, e.bytes, e.firstMicros, e.lastMicros]);
      }
    }
    for (const g of document.coverage.gaps) writer.row("gaps", [g.kind, g.point, g.count, g.why]);
    for (const u of document.coverage.undecided) writer.row("gaps", ["undecided", null, u.count, `${u.claim}: ${u.why}`]);
    writer.flush();
  }
}

/** Microseconds of an RFC 3339 time with nine decimals. */
function micros(text: string | null): number | null {
  if (text === null) return null;
  return Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Math.floor(Number(text.slice(20, 29)) / 1000);
}
