import type { ScanResult } from "./scan.ts";
import type { RunContext } from "./context.ts";
import { explainFlow } from "#declaration/explain.ts";
import { questionOf } from "#detect/flow-question.ts";
import { findingId, pseudonym } from "#findings/assemble.ts";
import type { FlowObservation, MessageObservation, Observation, ServiceObservation, TunnelObservation } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { flatten } from "#decode/stack.ts";
import type { CaseWriter } from "#store/database.ts";

/** Writes what a scan observes into the tables of a case as it comes, and what is known at its end. */
export class CaseRecorder {
  private readonly writer: CaseWriter;
  private readonly key: Uint8Array;
  private readonly identities: boolean;
  /** Set by the scan before the first observation. */
  context: RunContext | undefined = undefined;

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
    return this.context?.isUser(address) === true ? (this.shown(`ip:${address}`) as string) : address;
  }

  private message({ observed, subscriber }: MessageObservation): void {
    const { origin } = observed;
    for (const message of flatten(observed.message))
      this.writer.row("messages", [
        origin.capture,
        origin.frame,
        toMicros(origin.time),
        this.address(origin.src),
        this.address(origin.dst),
        message.protocol,
        message.type,
        message.name,
        subscriber === undefined ? null : this.shown(this.context?.subscriberKey(subscriber)),
        message.faults.length,
      ]);
  }

  private flow(flow: FlowObservation): void {
    const { initiator: a, responder: b } = flow;
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
    const { context } = this;
    if (context === undefined || context.declaration === null) return null;
    const answer = explainFlow(context.declaration, questionOf(flow, context.points));
    return answer.explained ? answer.by : null;
  }

  private tunnel(use: TunnelObservation): void {
    const subscriber = use.signalled?.subscriber;
    this.writer.row("tunnels", [
      use.point,
      use.source,
      use.end.address,
      use.end.teid,
      use.signalled?.interface,
      subscriber === undefined ? null : this.shown(this.context?.subscriberKey(subscriber)),
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
    const { document, context, pipeline } = result;
    const { tracker } = pipeline;
    document.captures.forEach((c, index) => {
      writer.row("captures", [index, c.file, c.sha256, c.packets, c.bytes, micros(c.first), micros(c.last), c.truncated, c.malformed]);
    });
    for (const point of context.points) writer.row("points", [point.index, point.capture, point.name, point.interface, point.complete]);
    for (const element of tracker.elements.all) {
      const shown = context.element(element.address);
      for (const [role, evidence] of element.roles) {
        writer.row("elements", [element.address, shown.name, shown.vendor, shown.name !== null, role, evidence.because, evidence.count]);
      }
    }
    for (const r of tracker.elements.allReferences) writer.row("reference_points", [r.a, r.b, r.name, r.messages]);
    for (const s of tracker.subscribers.all()) {
      writer.row("sessions", [
        this.shown(context.subscriberKey(s)),
        this.shown(s.imsi === undefined ? undefined : `imsi:${s.imsi}`),
        this.shown(s.msisdn === undefined ? undefined : `msisdn:${s.msisdn}`),
        this.shown(s.imei === undefined ? undefined : `imei:${s.imei}`),
        s.ueAddresses.map((address) => this.shown(`ip:${address}`)).join(","),
        s.apns.join(","),
        s.servingEnb,
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
