/**
 * Places that should carry little, and do: octets behind the packet in its frame, behind UDP in its packet, behind a GTP-U message in its datagram; echoes with
 * content; names with data in their labels; user messages of SCTP under an identifier that nobody assigned; padding that is not zero.
 *
 * Only the network's own packets are looked at (outermost level, never what a subscriber sends), and a measure is made where something is there: an
 * ordinary packet costs a few comparisons.
 */
import { addressText } from "#bytes/address.ts";
import {
  AT_DST_PORT,
  AT_GTP_END,
  AT_GTP_EXTENSION,
  AT_IP_END,
  AT_IP_PROTOCOL,
  AT_L4,
  AT_PAYLOAD_END,
  AT_SRC_PORT,
  AT_TUNNEL_KIND,
} from "#decode/packet/layout.ts";
import { IpFlag, Layer, type PacketView } from "#decode/packet/view.ts";
import type { ChannelFact, Lasting } from "#model/fact.ts";
import type { StrayContent } from "#model/message.ts";
import type { ChannelPlace } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import type { Conversation } from "#sense/conversation.ts";
import { FrameCollector, type FrameBudget } from "#sense/frame-list.ts";
import { EchoMeasure } from "./echo.ts";
import { frameCheck } from "./frame-check.ts";
import { ContentMeasure } from "#bytes/content-measure.ts";
import { DomainMeasure, NAME_LIMITS, Question } from "./names.ts";
import { EarlierFrames, PADDING_LIMITS, SenderPadding } from "./padding.ts";
import { Port } from "#model/ports.ts";

export const CHANNEL_LIMITS = {
  /** Measures of stray octets at one time (place, sender, receiver, point); past it new ones are not measured, and counted. */
  measures: 2_000,
  /** Conversations whose echoes are measured at one time; past it new ones are not, and counted. */
  echoes: 4_000,
  /** Points whose frames' trailers are judged; those past it are not. */
  points: 4_096,
} as const;

/** Frames of a point that are asked whether they end in a frame check sequence. */
const CHECKED = 16;
/** A point of which more than this share of frames has trailers gets them from its tap or switch; asked once so many were seen. */
const TAP_SHARE = 0.1;
const TAP_FRAMES = 512;
/** Shortest Ethernet frame without its check sequence (IEEE 802.3 §3.2.8), and with an 802.1Q tag that was added to it. */
const SHORTEST_FRAME = 60;
const VLAN_TAG = 4;
const CHECK_SEQUENCE = 4;
const ETHERNET_HEADER = 14;

const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;
const ICMP_HEADER = 8;

/** GTP-U extension headers that TS 29.281 §5.2.1 and TS 29.060 §6.2 assign. */
const GTPU_EXTENSIONS: ReadonlySet<number> = new Set([
  0x00, 0x01, 0x02, 0x03, 0x20, 0x21, 0x22, 0x40, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0xc0, 0xc1, 0xc2,
]);

/** One place between two addresses, in one direction. */
class Stray {
  readonly place: ChannelPlace;
  readonly label: string | undefined;
  readonly source: string;
  readonly destination: string;
  readonly point: number;
  readonly capture: number;
  readonly content = new ContentMeasure();
  readonly frames: FrameCollector;
  packets = 0;
  first = Infinity;
  last = -Infinity;
  constructor(place: ChannelPlace, label: string | undefined, source: string, destination: string, point: number, capture: number) {
    this.place = place;
    this.label = label;
    this.source = source;
    this.destination = destination;
    this.point = point;
    this.capture = capture;
    this.frames = new FrameCollector(capture);
  }
}

class Echoes {
  readonly measure = new EchoMeasure();
  readonly point: number;
  readonly content: FrameCollector;
  readonly altered: FrameCollector;
  first = Infinity;
  last = -Infinity;
  constructor(capture: number, point: number) {
    this.point = point;
    this.content = new FrameCollector(capture);
    this.altered = new FrameCollector(capture);
  }
}

class Asked {
  readonly measure: DomainMeasure;
  readonly asker: string;
  readonly resolver: string;
  readonly point: number;
  readonly frames: FrameCollector;
  first = Infinity;
  last = -Infinity;
  constructor(measure: DomainMeasure, asker: string, resolver: string, point: number, capture: number) {
    this.measure = measure;
    this.asker = asker;
    this.resolver = resolver;
    this.point = point;
    this.frames = new FrameCollector(capture);
  }
}

interface Pool {
  readonly source: string;
  readonly point: number;
  readonly sender: SenderPadding;
}

/** Trailers at one point. */
class PointTrailers {
  frames = 0;
  trailers = 0;
  checked = 0;
  /** Frames were captured with their check sequence. */
  withCheck = false;
  /** Tap or switch appends something to many frames: nothing there is a sender's. */
  appended = false;
  /** What the point's frames held, from the first padding that is not zero. */
  earlier: EarlierFrames | undefined;
}

export class ChannelWatch {
  /** Measures that were not begun because too many were. */
  unmeasured = 0;

  private readonly frames: FrameBudget;
  private readonly tell: (fact: ChannelFact) => void;
  private readonly strays = new Map<string, Stray>();
  private readonly padding = new Map<string, Pool>();
  private readonly echoes = new Map<Conversation, Echoes>();
  private readonly asked = new Map<string, Asked>();
  /** What was told of each channel, by its frames; bounded as they are. */
  private readonly words = new Map<FrameCollector, { readonly id: number; measured: number }>();
  private readonly points: PointTrailers[] = [];
  private readonly question = new Question();

  constructor(frames: FrameBudget, tell: (fact: ChannelFact) => void) {
    this.frames = frames;
    this.tell = tell;
  }

  /** A whole packet of the network's own. `conversation`: its own; undefined where the flow is only counted. */
  packet(
    view: PacketView,
    capture: number,
    point: number,
    frame: number,
    micros: number,
    side: number,
    conversation: Conversation | undefined,
  ): void {
    // Read from the one block of numbers: measured 17 ns a user packet through the arrays' windows, 9 ns so (Node 24).
    const { n } = view;
    const protocol = n[AT_IP_PROTOCOL] as number;
    const end = n[AT_IP_END] as number;
    if (view.mac >= 0) this.frame(view, end, capture, point, frame, micros);
    if (protocol === UDP) {
      if ((n[AT_L4] as number) < 0) return;
      const payloadEnd = n[AT_PAYLOAD_END] as number;
      if (payloadEnd < end && isWhole(view)) this.stray("udp-surplus", undefined, view, payloadEnd, end, capture, point, frame, micros);
      if (n[AT_TUNNEL_KIND] === Layer.GTPU) {
        if ((n[AT_GTP_END] as number) !== payloadEnd || (n[AT_GTP_EXTENSION] as number) > 0) this.gtpu(view, capture, point, frame, micros);
      } else if (conversation !== undefined && (n[AT_DST_PORT] === Port.DNS || n[AT_SRC_PORT] === Port.DNS))
        this.names(view, capture, point, frame, micros);
    } else if ((protocol === ICMP || protocol === ICMPV6) && conversation !== undefined && isWhole(view)) {
      this.echo(view, end, capture, point, frame, micros, side, conversation);
    }
  }

  /** Whether each frame of the point has to be seen as a whole. */
  needsFrames(point: number): boolean {
    return this.points[point]?.earlier !== undefined;
  }

  /** Counts a frame of a point that needs none: one in which nothing stands but a G-PDU that fills it. */
  filled(point: number): void {
    if (point >= CHANNEL_LIMITS.points) return;
    (this.points[point] ??= new PointTrailers()).frames++;
  }

  /** Octets that the control plane's decoders met where none, or only zeros, belong. */
  strayContent({ place, label, bytes, start, end, origin }: StrayContent): void {
    if (origin.inTunnel || origin.incomplete) return;
    const key = `${place} ${label ?? ""} ${origin.src} ${origin.dst} ${origin.point}`;
    const stray = this.measureOf(key, place, label, origin.src, origin.dst, origin.point, origin.capture);
    if (stray === undefined) return;
    stray.content.add(bytes, start, end);
    const micros = toMicros(origin.time);
    const listed = origin.frames.length > 0 ? origin.frames : [origin.frame];
    for (const frame of listed) stray.frames.add(frame, this.frames);
    this.count(stray, micros);
  }

  /** The end of the input: all measures are told. */
  finish(): void {
    this.tellAll(true);
    this.strays.clear();
    this.padding.clear();
    this.echoes.clear();
    this.asked.clear();
    this.words.clear();
  }

  /** Tells those that were measured further since they were last told. */
  stock(): void {
    this.tellAll(false);
  }

  private tellAll(ended: boolean): void {
    for (const stray of this.strays.values()) this.tellStray(stray, ended);
    for (const pool of this.padding.values()) this.tellPool(pool, ended);
    for (const [conversation, echoes] of this.echoes) this.tellEchoes(conversation, echoes, ended);
    this.tellNames(ended);
  }

  /** Number of the channel with these frames; undefined where nothing was measured since it was last told. */
  private word(frames: FrameCollector, measured: number, ended: boolean): Lasting | undefined {
    let word = this.words.get(frames);
    if (word === undefined) this.words.set(frames, (word = { id: this.words.size, measured: -1 }));
    if (!ended && word.measured === measured) return undefined;
    word.measured = measured;
    return { id: word.id, ended };
  }

  /** Frame behind the packet: destination 6 | source 6 | type 2 | packet | padding up to 60 octets | (frame check sequence 4) */
  private frame(view: PacketView, packetEnd: number, capture: number, point: number, frame: number, micros: number): void {
    if (point >= CHANNEL_LIMITS.points) return;
    const at = (this.points[point] ??= new PointTrailers());
    at.frames++;
    if (at.earlier !== undefined) at.earlier.note(view.bytes, view.start + ETHERNET_HEADER, packetEnd, micros);
    let { end } = view;
    if (packetEnd >= end || at.appended || !isWhole(view)) return;
    if (at.checked < CHECKED && end - packetEnd >= CHECK_SEQUENCE) {
      at.checked++;
      if (frameCheck(view.bytes, view.start, end)) at.withCheck = true;
    }
    if (at.withCheck) {
      end -= CHECK_SEQUENCE;
      if (packetEnd >= end) return;
    }
    const padding = end - view.start <= SHORTEST_FRAME + VLAN_TAG * view.vlanCount;
    if (!padding) {
      at.trailers++;
      if (at.trailers >= TAP_FRAMES && at.trailers > at.frames * TAP_SHARE) {
        at.appended = true;
        return;
      }
    }
    if (isZero(view.bytes, packetEnd, end)) return;
    const stray = this.stray(padding ? "frame-padding" : "frame-trailer", undefined, view, packetEnd, end, capture, point, frame, micros);
    if (!padding) return;
    at.earlier ??= new EarlierFrames();
    const held = at.earlier.held(view.bytes, packetEnd, end);
    if (stray !== undefined && held === true) stray.content.known++;
    this.pool(view, packetEnd, end, capture, point, frame, micros, held);
  }

  /** Padding of one sender, whoever gets it. */
  private pool(
    view: PacketView,
    start: number,
    end: number,
    capture: number,
    point: number,
    frame: number,
    micros: number,
    held: boolean | undefined,
  ): void {
    const version = view.ipVersion[0] as number;
    const source = addressText(view.bytes, view.ipSrc[0] as number, version);
    const key = `${source} ${point}`;
    let pool = this.padding.get(key);
    if (pool === undefined) {
      if (this.padding.size >= PADDING_LIMITS.senders) return;
      this.padding.set(key, (pool = { source, point, sender: new SenderPadding(capture) }));
    }
    const receiver = addressText(view.bytes, view.ipDst[0] as number, version);
    pool.sender.add(view.bytes, start, end, held, receiver, frame, micros, this.frames);
  }

  private gtpu(view: PacketView, capture: number, point: number, frame: number, micros: number): void {
    const payloadEnd = view.payloadEnd[0] as number;
    const messageEnd = view.gtpEnd[0] as number;
    if (view.gtpType[0] === G_PDU && messageEnd < payloadEnd && isWhole(view))
      this.stray("gtp-u-surplus", undefined, view, messageEnd, payloadEnd, capture, point, frame, micros);
    const extension = view.gtpExtension[0] as number;
    if (extension > 0 && !GTPU_EXTENSIONS.has(extension)) {
      const start = view.gtpExtensionStart[0] as number;
      const octets = (view.bytes[start] as number) * 4;
      if (octets < 4 || start + octets > payloadEnd) return;
      const label = extension.toString(16).padStart(2, "0");
      this.stray("gtp-u-extension", label, view, start + 1, start + octets - 1, capture, point, frame, micros);
    }
  }

  private stray(
    place: ChannelPlace,
    label: string | undefined,
    view: PacketView,
    start: number,
    end: number,
    capture: number,
    point: number,
    frame: number,
    micros: number,
  ): Stray | undefined {
    const version = view.ipVersion[0] as number;
    const source = addressText(view.bytes, view.ipSrc[0] as number, version);
    const destination = addressText(view.bytes, view.ipDst[0] as number, version);
    const key = `${place} ${label ?? ""} ${source} ${destination} ${point}`;
    const stray = this.measureOf(key, place, label, source, destination, point, capture);
    if (stray === undefined) return undefined;
    stray.content.add(view.bytes, start, end);
    stray.frames.add(frame, this.frames);
    this.count(stray, micros);
    return stray;
  }

  private measureOf(
    key: string,
    place: ChannelPlace,
    label: string | undefined,
    source: string,
    destination: string,
    point: number,
    capture: number,
  ): Stray | undefined {
    const known = this.strays.get(key);
    if (known !== undefined) return known;
    if (this.strays.size >= CHANNEL_LIMITS.measures) {
      this.unmeasured++;
      return undefined;
    }
    const made = new Stray(place, label, source, destination, point, capture);
    this.strays.set(key, made);
    return made;
  }

  private count(stray: Stray, micros: number): void {
    stray.packets++;
    stray.first = Math.min(stray.first, micros);
    stray.last = Math.max(stray.last, micros);
  }

  /** type 1 | code 1 | checksum 2 | identifier 2 | sequence 2 | data */
  private echo(
    view: PacketView,
    end: number,
    capture: number,
    point: number,
    frame: number,
    micros: number,
    side: number,
    conversation: Conversation,
  ): void {
    const at = view.l4[0] as number;
    if (at < 0 || at + ICMP_HEADER > end) return;
    const b = view.bytes;
    const type = b[at] as number;
    const request = type === (view.ipVersion[0] === 4 ? 8 : 128);
    if (!request && type !== (view.ipVersion[0] === 4 ? 0 : 129)) return;
    let echoes = this.echoes.get(conversation);
    if (echoes === undefined) {
      if (this.echoes.size >= CHANNEL_LIMITS.echoes) {
        this.unmeasured++;
        return;
      }
      this.echoes.set(conversation, (echoes = new Echoes(capture, point)));
    }
    const key =
      (b[at + 4] as number) * 0x100_0000 + (b[at + 5] as number) * 0x1_0000 + (b[at + 6] as number) * 0x100 + (b[at + 7] as number);
    const start = at + ICMP_HEADER;
    if (request) {
      if (!echoes.measure.request(b, start, end, side, key)) return;
      echoes.content.add(frame, this.frames);
    } else {
      if (!echoes.measure.reply(b, start, end, side, key)) return;
      echoes.altered.add(frame, this.frames);
    }
    echoes.first = Math.min(echoes.first, micros);
    echoes.last = Math.max(echoes.last, micros);
  }

  private names(view: PacketView, capture: number, point: number, frame: number, micros: number): void {
    const { question } = this;
    if (!question.read(view.bytes, view.payloadStart[0] as number, view.payloadEnd[0] as number)) return;
    const version = view.ipVersion[0] as number;
    const source = addressText(view.bytes, view.ipSrc[0] as number, version);
    const destination = addressText(view.bytes, view.ipDst[0] as number, version);
    const [asker, resolver] = question.response ? [destination, source] : [source, destination];
    const key = `${asker} ${question.domain} ${point}`;
    let asked = this.asked.get(key);
    if (asked === undefined) {
      if (this.asked.size >= NAME_LIMITS.domains) {
        this.unmeasured++;
        return;
      }
      this.asked.set(key, (asked = new Asked(new DomainMeasure(question.domain), asker, resolver, point, capture)));
    }
    if (question.response) {
      asked.measure.responses++;
      asked.measure.answerOctets += question.rest;
    } else asked.measure.ask(question.name, question.below);
    // Names without labels below the domain carry nothing.
    if (question.below > 0) asked.frames.add(frame, this.frames);
    asked.first = Math.min(asked.first, micros);
    asked.last = Math.max(asked.last, micros);
  }

  private tellStray(stray: Stray, ended: boolean): void {
    const word = this.word(stray.frames, stray.packets, ended);
    if (word === undefined) return;
    const at = this.points[stray.point];
    this.tell({
      kind: "channel",
      ...word,
      place: stray.place,
      label: stray.label,
      source: stray.source,
      destination: stray.destination,
      receivers: 1,
      point: stray.point,
      packets: stray.packets,
      content: stray.content.summary(),
      pointFrames: at?.frames ?? 0,
      pointTrailers: at?.trailers ?? 0,
      names: undefined,
      frames: stray.frames.list(),
      firstMicros: stray.first,
      lastMicros: stray.last,
    });
    if (ended) stray.frames.release(this.frames);
  }

  /** Only where it is more than what one receiver got. */
  private tellPool({ source, point, sender }: Pool, ended: boolean): void {
    const word = sender.receiversSeen > 1 ? this.word(sender.frames, sender.packets, ended) : undefined;
    if (word !== undefined) {
      const at = this.points[point];
      this.tell({
        kind: "channel",
        ...word,
        place: "frame-padding",
        label: undefined,
        source,
        destination: sender.mostTo(),
        receivers: sender.receiversSeen,
        point,
        packets: sender.packets,
        content: sender.content.summary(),
        pointFrames: at?.frames ?? 0,
        pointTrailers: at?.trailers ?? 0,
        names: undefined,
        frames: sender.frames.list(),
        firstMicros: sender.first,
        lastMicros: sender.last,
      });
    }
    if (ended) sender.frames.release(this.frames);
  }

  private tellEchoes(conversation: Conversation, echoes: Echoes, ended: boolean): void {
    const { measure } = echoes;
    const ends = [conversation.low.address, conversation.high.address] as const;
    const one = (place: ChannelPlace, side: number, content: ContentMeasure, frames: FrameCollector, packets: number): void => {
      if (content.contents === 0) return;
      const word = this.word(frames, packets, ended);
      if (word === undefined) return;
      this.tell({
        kind: "channel",
        ...word,
        place,
        label: undefined,
        source: ends[side as 0 | 1],
        destination: ends[(1 - side) as 0 | 1],
        receivers: 1,
        point: echoes.point,
        packets,
        content: content.summary(),
        pointFrames: 0,
        pointTrailers: 0,
        names: undefined,
        frames: frames.list(),
        firstMicros: echoes.first,
        lastMicros: echoes.last,
      });
    };
    // Where the octets of a time stamp are content, too, all of them are measured.
    const content = measure.whole.summary().uniform === undefined ? measure.fresh : measure.whole;
    one("icmp-echo", measure.freshSide, content, echoes.content, measure.requests);
    one("icmp-reply", measure.alteredSide, measure.returned, echoes.altered, measure.replies);
    if (!ended) return;
    echoes.content.release(this.frames);
    echoes.altered.release(this.frames);
  }

  private tellNames(ended: boolean): void {
    const byAsker = new Map<string, { queries: number; responses: number; distinct: number; octets: number }>();
    for (const { asker, measure } of this.asked.values()) {
      const all = byAsker.get(asker) ?? { queries: 0, responses: 0, distinct: 0, octets: 0 };
      all.queries += measure.queries;
      all.responses += measure.responses;
      all.distinct += measure.distinct;
      all.octets += measure.labelOctets;
      byAsker.set(asker, all);
    }
    for (const asked of this.asked.values()) {
      const { measure } = asked;
      const all = byAsker.get(asked.asker);
      // A name is judged beside what else the same asker asked.
      const word = measure.distinct > 0 ? this.word(asked.frames, (all?.queries ?? 0) + (all?.responses ?? 0), ended) : undefined;
      if (word !== undefined) {
        this.tell({
          kind: "channel",
          ...word,
          place: "dns-name",
          label: measure.domain,
          source: asked.asker,
          destination: asked.resolver,
          receivers: 1,
          point: asked.point,
          packets: measure.queries + measure.responses,
          content: {
            contents: measure.queries,
            octets: measure.labelOctets,
            compared: measure.compared,
            distinct: measure.distinct,
            uniform: undefined,
            spread: false,
            printable: 1,
            known: 0,
          },
          pointFrames: 0,
          pointTrailers: 0,
          names: {
            longest: measure.longest,
            entropy: measure.entropy,
            answerOctets: measure.answerOctets,
            otherQueries: (all?.queries ?? 0) - measure.queries,
            otherDistinct: (all?.distinct ?? 0) - measure.distinct,
            otherOctets: (all?.octets ?? 0) - measure.labelOctets,
          },
          frames: asked.frames.list(),
          firstMicros: asked.first,
          lastMicros: asked.last,
        });
      }
      if (ended) asked.frames.release(this.frames);
    }
  }
}

const G_PDU = 255;

/** Nothing of the packet is missing, and its length is its own. */
function isWhole(view: PacketView): boolean {
  return !view.cut && ((view.ipFlags[0] as number) & (IpFlag.CUT | IpFlag.SUPER | IpFlag.CARRIER_CUT)) === 0;
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
