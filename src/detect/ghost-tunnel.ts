/**
 * ghost-tunnel: user-plane tunnel traffic with no signalling that set it up, or with an end that signalling never named (`contract.md` §1).
 *
 * Absence proves nothing unless presence would have been seen: a tunnel counts only where the control association that announces the tunnels of one of
 * its ends was seen from its set-up on (S1 Setup, PFCP Association Setup) before the tunnel's first packet, both directions of it, and no piece of the
 * signalling of either end is known to be missing (a leap of SCTP's sequence numbers, an answer without its request). Where the far end is an
 * address that nobody declared and no message ever named, that the declared end's other tunnels were being signalled in the capture is enough for an
 * indication. Tunnels whose signalling may lie before the capture's start, forwarding tunnels between eNBs (announced on X2), and packets in flight at a
 * release are none.
 * 3GPP TS 29.281 §5.1 (TEID), TS 36.413 §8.2, §8.3, TS 29.274 §7.2, TS 29.244 §7.5.
 */
import { scaled } from "#model/room.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import { NOTHING_UNENDED, type FrameList, type Observation, type TunnelObservation } from "#model/observation.ts";
import { state, type StatementText } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";
import { SignallingHoles } from "./ghost-tunnel/holes.ts";
import { Port } from "#model/ports.ts";
import { ACCESS, GATEWAYS, isOf } from "#declaration/role-groups.ts";

/** Fewer packets of one tunnel than this are a stray packet or a decoder's error, not traffic. */
const MIN_PACKETS = 3;
/** Uses kept for judgement; past it, new ones are undecided. */
const MAX_SUSPECTS = 100_000;
/** Subscribers' places remembered; past it, any of them may have moved unseen. */
const MAX_SERVED = 500_000;
/** Packets of the old base station are on their way for less than this after the first of the new one. */
const HANDOVER_MICROS = 1e6;

class Ghost {
  readonly elementAddress: string;
  readonly farAddress: string;
  readonly evidence = new EvidenceGatherer();
  readonly subscribers = new Set<string>();
  readonly teids = new Set<string>();
  readonly points = new Set<number>();
  grade: Grade = "indication";
  packets = 0;
  bytes = 0;
  firstMicros = Infinity;
  lastMicros = -Infinity;
  neverNamed = false;
  /** Signalling named the tunnel, for others. */
  strangers = false;
  /** The set-up of an association that would have announced the tunnel was seen before it. */
  covered = false;
  afterRelease = false;
  /** Which of the two ends sent packets. */
  elementSent = false;
  farSent = false;
  farEndUndeclared: boolean;
  constructor(elementAddress: string, farAddress: string, farEndUndeclared: boolean) {
    this.elementAddress = elementAddress;
    this.farAddress = farAddress;
    this.farEndUndeclared = farEndUndeclared;
  }
}

/** What uses that signalling names tell of the others. */
class Named {
  /** Subscriber and sender: from where each one's signalled tunnels were used. */
  readonly from = new Set<string>();
  /** Ends' addresses that somebody used whom signalling names for the session. */
  readonly used = new Set<string>();
  /** Until when an end was used by whom signalling names, by address and TEID. */
  private readonly times = new Map<string, number>();
  private readonly context: DetectorContext;

  constructor(context: DetectorContext) {
    this.context = context;
  }

  note(use: TunnelObservation): void {
    const { signalled, source, end, lastMicros } = use;
    if (signalled?.user === "named" && this.times.size < scaled(MAX_SERVED)) {
      this.used.add(end.address);
      this.times.set(endKey(use), Math.max(this.until(use), lastMicros));
    }
    if (signalled?.subscriber !== undefined && this.from.size < scaled(MAX_SERVED))
      this.from.add(`${this.context.subscriberKey(signalled.subscriber)} ${source}`);
  }

  until(use: TunnelObservation): number {
    return this.times.get(endKey(use)) ?? -Infinity;
  }
}

export function ghostTunnel(context: DetectorContext): Detector {
  const holes = new SignallingHoles((address) => context.declaration?.functionAt(address)?.name ?? address);
  /** Uses of ends without signalling, or after their release: judged when stock is taken, since what speaks for them may come later. */
  const suspects: TunnelObservation[] = [];
  const ended = new Named(context);
  /** Of uses that go on, as of the last stock. */
  let lasting = new Named(context);
  let ghosts = new Map<string, Ghost>();
  /** Uses that are not kept: nothing could make a finding of them, or too many were. */
  let unkept = 0;
  let undecided = 0;

  function observe(observation: Observation): void {
    if (observation.kind === "message") holes.observe(observation);
    if (observation.kind !== "tunnel") return;
    const kept = isSuspect(observation);
    // A capture that begins in mid-session is full of uses that are not kept.
    if (kept === undefined || (kept && suspects.length >= scaled(MAX_SUSPECTS))) unkept++;
    else if (kept) suspects.push(observation);
    ended.note(observation);
  }

  /** Undefined where nothing could make a finding of it, and nothing says that it is none. */
  function isSuspect(use: TunnelObservation): boolean | undefined {
    const { signalled, afterRelease, source, end } = use;
    if (signalled !== undefined) return signalled.user === "other" || afterRelease !== undefined;
    if (mayCount(use)) return true;
    return context.interfaceless(source, end.address) ? false : undefined;
  }

  function judge(use: TunnelObservation): void {
    if (use.signalled === undefined) neverSignalled(use);
    else if (use.signalled.user === "other") usedByOther(use);
    else if (use.afterRelease !== undefined) outlivesRelease(use, use.afterRelease);
  }

  function neverSignalled(use: TunnelObservation): void {
    if (context.interfaceless(use.source, use.end.address)) return;
    const setup = coveredSince(use);
    const covered = setup !== undefined && setup <= use.firstMicros && !hasGap(use, holes);
    if ((!covered && !isStrangers(context, use)) || movedUnseen(use)) {
      undecided++;
      return;
    }
    const ghost = ghostOf(use);
    ghost.neverNamed = true;
    ghost.covered ||= covered;
    const neighbours = use.signalledNeighbours.end + use.signalledNeighbours.source;
    const known = use.innerAddresses.some((address) => context.servedBetween(address, use.source, use.end.address, use.firstMicros));
    add(ghost, use, use.packets, use.bytes, use.firstMicros, use.lastMicros, use.frames);
    // A known subscriber of the very same two ends: rather a message that was missed than a tunnel that nobody set up.
    if (covered && use.packets >= MIN_PACKETS && neighbours > 0 && !known) raise(ghost, "corroborated");
  }

  /**
   * The end was named, and somebody else for its far side. A function of this network may have been named in a message that was not captured (a handover): it
   * counts only where its own set-up was seen, and where those who were named go on meanwhile: a device is at one base station. Where nobody whom signalling names is seen to use tunnels of that end, addresses may be translated on the way.
   */
  function usedByOther(use: TunnelObservation): void {
    const { source, end, signalled } = use;
    const subscriber = signalled?.subscriber;
    if (subscriber === undefined || use.frames.frames.length === 0 || context.interfaceless(source, end.address)) return;
    const undeclared = isUnknown(context, use);
    const setup = use.setupSeen.source;
    const until = Math.max(ended.until(use), lasting.until(use));
    const meanwhile = until > use.firstMicros + HANDOVER_MICROS;
    const covered = undeclared || (meanwhile && setup !== undefined && setup <= use.firstMicros && isAccess(context, source));
    if (!covered || hasGap(use, holes) || (!ended.used.has(end.address) && !lasting.used.has(end.address))) {
      undecided++;
      return;
    }
    const ghost = ghostOf(use);
    ghost.strangers = true;
    ghost.covered = true;
    add(ghost, use, use.packets, use.bytes, use.firstMicros, use.lastMicros, use.frames);
    ghost.subscribers.add(context.subscriberKey(subscriber));
    if (undeclared && use.packets >= MIN_PACKETS) raise(ghost, "corroborated");
  }

  /** The subscriber's own tunnel is used from there as well: a handover whose messages were not captured (the gateway's end stays, TS 23.401 §5.5.1.1.2). */
  function movedUnseen({ innerAddresses, source, end, firstMicros }: TunnelObservation): boolean {
    if (ended.from.size >= scaled(MAX_SERVED) || lasting.from.size >= scaled(MAX_SERVED)) return innerAddresses.length > 0;
    return innerAddresses.some((inner) => {
      const subscriber = context.subscriberAt(inner, firstMicros);
      return [source, end.address].some((address) => {
        const from = `${subscriber} ${address}`;
        return isAccess(context, address) && (ended.from.has(from) || lasting.from.has(from));
      });
    });
  }

  function outlivesRelease(use: TunnelObservation, late: NonNullable<TunnelObservation["afterRelease"]>): void {
    if (late.packets < MIN_PACKETS) return;
    // It may have been set up anew by a message that was not captured.
    if (hasGap(use, holes)) {
      undecided++;
      return;
    }
    const ghost = ghostOf(use);
    ghost.afterRelease = true;
    add(ghost, use, late.packets, late.bytes, late.firstMicros, late.lastMicros, late.frames);
    if (use.signalled?.subscriber !== undefined) ghost.subscribers.add(context.subscriberKey(use.signalled.subscriber));
    // An eNB's end is also freed by messages that may be on links not captured; a gateway's only by the session's deletion.
    if (!isAccess(context, use.end.address)) raise(ghost, "corroborated");
  }

  function ghostOf(use: TunnelObservation): Ghost {
    const { element, far, undeclared } = ends(context, use);
    const shown = context.element(element);
    const key = `${shown.name ?? element} ${far}`;
    let ghost = ghosts.get(key);
    if (ghost === undefined) ghosts.set(key, (ghost = new Ghost(element, far, undeclared)));
    return ghost;
  }

  function add(ghost: Ghost, use: TunnelObservation, packets: number, bytes: number, first: number, last: number, frames: FrameList): void {
    ghost.packets += packets;
    ghost.bytes += bytes;
    ghost.firstMicros = Math.min(ghost.firstMicros, first);
    ghost.lastMicros = Math.max(ghost.lastMicros, last);
    ghost.evidence.add(frames);
    ghost.points.add(use.point);
    if (use.source === ghost.farAddress) ghost.farSent = true;
    else ghost.elementSent = true;
    if (ghost.teids.size < 1000) ghost.teids.add(`${use.end.address} ${use.end.teid}`);
    for (const address of use.innerAddresses) if (context.isUser(address)) ghost.subscribers.add(context.subscriberAt(address, first));
  }

  return {
    claim: "ghost-tunnel",
    settings: { minPackets: MIN_PACKETS, mostSuspects: MAX_SUSPECTS, mostServed: MAX_SERVED, handoverMicros: HANDOVER_MICROS },
    observe,
    findings: (unended = NOTHING_UNENDED) => {
      ghosts = new Map();
      undecided = unkept;
      lasting = new Named(context);
      for (const use of unended.tunnels) lasting.note(use);
      for (const use of suspects) judge(use);
      for (const use of unended.tunnels) {
        const suspect = isSuspect(use);
        // What is not held might explain the use: it waits for its end.
        if (suspect === undefined || (suspect && !unended.complete)) undecided++;
        else if (suspect) judge(use);
      }
      if (undecided > 0) {
        context.undecided({
          claim: "ghost-tunnel",
          count: undecided,
          why: state("undecided.tunnel-unseen"),
        });
      }
      return [...ghosts.values()].filter(({ packets }) => packets >= MIN_PACKETS).map((ghost) => draft(context, ghost));
    },
  };
}

function raise(ghost: Ghost, grade: Grade): void {
  if (GRADES.indexOf(grade) > GRADES.indexOf(ghost.grade)) ghost.grade = grade;
}

/** False for a tunnel of which nothing, whatever else is seen, could ever make a finding: no set-up before it, and neither end's tunnels were signalled. */
function mayCount(use: TunnelObservation): boolean {
  const setup = coveredSince(use);
  const { end, source } = use.signalledSince;
  return (setup !== undefined && setup <= use.firstMicros) || end !== undefined || source !== undefined;
}

/** From when on the tunnels of one of the two ends were announced in what was captured. */
function coveredSince(use: TunnelObservation): number | undefined {
  const { end, source } = use.setupSeen;
  if (end === undefined) return source;
  return source === undefined ? end : Math.min(end, source);
}

/**
 * Pieces of either end's signalling are missing: one of them may have announced the tunnel. When a leap was seen says nothing of when the pieces were sent, unless
 * the one heard before it is known.
 */
function hasGap({ missingSince, end, source, lastMicros }: TunnelObservation, holes: SignallingHoles): boolean {
  if (missingSince.end !== undefined || missingSince.source !== undefined) return true;
  return [end.address, source].some((address) => (holes.since(address) ?? Infinity) <= lastMicros);
}

/**
 * One end is a function whose tunnels were being signalled before this one's first packet, the other an address that no entry of the declaration and no
 * message of the run knows: whatever lies before the capture's start, this network's signalling has no tunnel to that address.
 */
function isStrangers(context: DetectorContext, use: TunnelObservation): boolean {
  const { declaration } = context;
  if (declaration === null || use.packets < MIN_PACKETS) return false;
  const { source, end, signalledSince, signalledNeighbours } = use;
  const [own, far] = declaration.functionAt(source) !== undefined ? (["source", end.address] as const) : (["end", source] as const);
  if (declaration.functionAt(own === "source" ? source : end.address) === undefined || declaration.isDeclared(far)) return false;
  if (context.isUser(far) || context.warranted?.(far) === true) return false;
  const since = signalledSince[own];
  return since !== undefined && since < use.firstMicros && signalledNeighbours[own === "source" ? "end" : "source"] === 0;
}

function endKey({ end }: TunnelObservation): string {
  return `${end.address} ${end.teid}`;
}

/** The sender is nobody whom the declaration, the register or any message of the run knows, and no subscriber. */
function isUnknown(context: DetectorContext, { source, signalledNeighbours }: TunnelObservation): boolean {
  if (context.declaration === null || context.declaration.isDeclared(source) || context.isUser(source)) return false;
  return signalledNeighbours.source === 0 && context.warranted?.(source) !== true && context.rolesAt(source).length === 0;
}

function isAccess(context: DetectorContext, address: string): boolean {
  return isOf(context.rolesAt(address), ACCESS);
}

/** The declared end (the gateway, where both are), and the end that signalling never named (`contract.md` §4 table). */
function ends(context: DetectorContext, use: TunnelObservation): { element: string; far: string; undeclared: boolean } {
  const { source } = use;
  const { address } = use.end;
  const { declaration } = context;
  if (declaration !== null) {
    const sourceDeclared = declaration.functionAt(source) !== undefined;
    const endDeclared = declaration.functionAt(address) !== undefined;
    if (sourceDeclared && !endDeclared) return { element: source, far: address, undeclared: true };
    if (endDeclared && !sourceDeclared) return { element: address, far: source, undeclared: true };
  }
  const sourceIsGateway = isOf(context.rolesAt(source), GATEWAYS);
  const endIsGateway = isOf(context.rolesAt(address), GATEWAYS);
  // Between two gateways the one that receives stands for both directions when its address sorts first.
  if (sourceIsGateway && endIsGateway)
    return source < address ? { element: source, far: address, undeclared: false } : { element: address, far: source, undeclared: false };
  return sourceIsGateway ? { element: source, far: address, undeclared: false } : { element: address, far: source, undeclared: false };
}

function draft(context: DetectorContext, ghost: Ghost): FindingDraft {
  const element = context.element(ghost.elementAddress);
  const receiver = context.receiver(ghost.farAddress, Port.GTP_U, !ghost.farEndUndeclared);
  const far = receiver.name ?? receiver.address ?? state("name.address");
  const grade = context.declaration === null ? "indication" : ghost.grade;
  return {
    claim: "ghost-tunnel",
    grade,
    summary: state("tunnel.summary", {
      element: element.name ?? element.address ?? state("name.gateway"),
      far,
      direction: ghost.elementSent && ghost.farSent ? "both" : ghost.elementSent ? "sent" : "received",
      tunnels: ghost.teids.size,
      cause: ghost.neverNamed ? "never" : ghost.strangers ? "others" : "released",
    }),
    element,
    receiver,
    act: "effected",
    transport: { layers: ["udp", "gtp-u"], encrypted: false, delaySeconds: null },
    subscribers: [...ghost.subscribers].sort(),
    data: ["content"],
    packets: ghost.packets,
    bytes: ghost.bytes,
    firstMicros: ghost.firstMicros,
    lastMicros: ghost.lastMicros,
    bits: 0,
    chance: null,
    premises: [
      {
        id: "signalling-covered",
        statement: state("premise.signalling-covered"),
        status: "assumed",
      },
      { id: "decoder", statement: state("premise.tunnel-decoders"), status: "assumed" },
    ],
    evidence: ghost.evidence.list(),
    ruledOut: [
      {
        explanation: state("explanation.earlier-signalling"),
        status: ghost.covered || !ghost.neverNamed ? "excluded" : "untestable",
        because: !ghost.neverNamed
          ? state(ghost.strangers ? "tunnel.others-named" : "tunnel.release-seen")
          : ghost.covered
            ? state("tunnel.set-up-seen")
            : state("tunnel.neighbours-seen"),
      },
      betweenStations(context, ghost, element.name ?? ghost.elementAddress, far),
      {
        explanation: state("explanation.signalling-elsewhere"),
        status: "untestable",
        because: state("tunnel.no-hole-seen"),
      },
    ],
    sources: ["3GPP TS 29.281 §5.1", "3GPP TS 36.413 §8.3.1"],
    arithmetic: [],
    restsOn: ["s1ap/pfcp signalling", ...[...ghost.points].map((point) => `point ${point}`)],
    carriers: [`udp ${ghost.elementAddress}:${Port.GTP_U} > ${ghost.farAddress}:${Port.GTP_U}`],
    details: { tunnels: ghost.teids.size, neverNamed: ghost.neverNamed, namedForOthers: ghost.strangers, afterRelease: ghost.afterRelease },
  };
}

/** Indirect forwarding runs between base stations alone (TS 36.300 §10.1.2.3): an end that is none speaks against it. */
function betweenStations(context: DetectorContext, ghost: Ghost, element: string, far: StatementText): FindingDraft["ruledOut"][number] {
  const explanation = state("explanation.handover-forwarding");
  if (!isAccess(context, ghost.elementAddress))
    return { explanation, status: "excluded", because: state("tunnel.end-is-gateway", { name: element }) };
  if (!isAccess(context, ghost.farAddress)) return { explanation, status: "excluded", because: state("tunnel.far-end-not-enb", { far }) };
  return { explanation, status: "untestable", because: state("tunnel.both-ends-enb") };
}
