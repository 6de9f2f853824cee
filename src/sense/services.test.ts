import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { dns } from "#lab/wire/applications.ts";
import { tcp, udp } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import { cat, hex, text, u16, u24, u8, zeros, type Octets } from "#lab/wire/octets.ts";
import { A2_CRYPTO, cryptoPiece, quicInitial } from "#lab/wire/quic.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import type { MessageOrigin } from "#model/message.ts";
import type { ServiceObservation } from "#model/observation.ts";
import { Services } from "#run/engine/services.ts";
import { quicPrimitives } from "#run/primitives.ts";
import { FEWEST_OF_A_TYPE } from "#join/service-table.ts";
import { SERVICE_WATCH_LIMITS, ServiceWatch } from "./services.ts";
import { Handle } from "#join/subscribers.ts";
import { Tracker } from "#join/tracker.ts";

const LINK = { src: "02:00:00:00:00:01", dst: "02:00:00:00:00:02" };
const SERVER = "198.51.100.9";
const TAC = "35722009";
const at = (n: number): string => `10.45.0.${n}`;

let tracker: Tracker;
let services: Services;
let watch: ServiceWatch;
let micros = 1e9;
const view = new PacketView();

beforeEach(() => {
  tracker = new Tracker(7, () => undefined);
  const own = (bytes: Uint8Array, p: number): boolean => bytes[p] === 10 && bytes[p + 1] === 45;
  services = new Services(tracker, 7);
  watch = new ServiceWatch({ ...services.around, isSubscriber: own }, services.counter, quicPrimitives, 7);
});

function attach(n: number, tac = TAC): void {
  tracker.subscribers.begin();
  tracker.subscribers.imsi(`00101000000000${n}`);
  tracker.subscribers.handleAt(Handle.GTP_C, "10.0.0.9", n);
  const subscriber = tracker.subscribers.resolve(1e6)!;
  subscriber.imei = `${tac}00000${n}`;
  tracker.subscribers.assignAddress(at(n), subscriber, 1e6);
  const origin: MessageOrigin = {
    capture: 0,
    point: 0,
    frame: 1,
    frames: undefined,
    time: { sec: 1, nsec: 0 },
    src: "10.0.0.1",
    dst: "10.0.0.2",
    incomplete: false,
    inTunnel: false,
  } as never;
  for (const [teid, address, side] of [
    [n, "10.0.1.1", "core"],
    [100 + n, "10.0.1.2", "access"],
  ] as const)
    tracker.tunnelEnds.setUp({ teid, address }, { interface: "S1-U", side, by: "gtpv2", owner: "gtp 1" }, origin, subscriber);
}

function send(frame: Octets, level: number): void {
  decodeFrame(view, frame, 0, frame.length, frame.length, 1);
  watch.packet(view, level, (micros += 1000));
}
const tunnelled = (inner: Octets, teid: number, to = "10.0.1.1"): void =>
  send(ethernet(LINK, udp("10.0.1.9", to, 2152, 2152, gtpu(teid, inner))), 1);
const plain = (packet: Octets): void => send(ethernet(LINK, packet), 0);
const told = (everyType = false): ServiceObservation[] => {
  const all: ServiceObservation[] = [];
  services.finish(everyType, (o) => all.push(o));
  return all;
};
const summary = (all: readonly ServiceObservation[]): string[] =>
  all.map((o) => `${o.tac ?? "-"} ${o.name ?? "-"} ${o.source} ${o.subscribers}/${o.flows}`).sort();

/** A ClientHello in one record, with `padding` octets of extensions before the name. */
function clientHello(host: string, padding = 0): Octets {
  const name = text(host);
  const extensions = cat(
    u16(21),
    u16(padding),
    zeros(padding),
    u16(0),
    u16(name.length + 5),
    u16(name.length + 3),
    u8(0),
    u16(name.length),
    name,
  );
  const body = cat(u16(0x0303), zeros(32), u8(0), hex("0002 1301"), hex("0100"), u16(extensions.length), extensions);
  return cat(u8(22), u16(0x0301), u16(body.length + 4), u8(1), u24(body.length), body);
}
const segment = (from: number, payload: Octets, seq = 1, sport = 40_000): Octets =>
  tcp(at(from), SERVER, { sport, dport: 443, seq, ack: 1, flags: 0x18 }, payload);

describe("what subscribers' devices talk to", () => {
  it("counts a flow once, whatever the points that see it, and its subscriber", () => {
    for (const n of [1, 2, 3]) attach(n);
    for (const n of [1, 2, 3]) {
      const packet = segment(n, clientHello("www.example.com"));
      tunnelled(packet, n);
      plain(packet);
      tunnelled(udp(at(n), "8.8.8.8", 5000, 53, dns(n, "a.b.example.net")), n);
    }
    expect(summary(told())).toEqual([`${TAC} example.com tls 3/3`, `${TAC} example.net dns 3/3`]);
  });

  it("tells no type of few subscribers, except where identities are shown anyway", () => {
    for (let n = 1; n < FEWEST_OF_A_TYPE; n++) attach(n);
    plain(segment(1, clientHello("example.com")));
    expect(summary(told())).toEqual(["- example.com tls 1/1"]);
    plain(segment(1, clientHello("example.com"), 1, 41_000));
    expect(summary(told(true))).toEqual([`${TAC} example.com tls 1/1`]);
  });

  it("leaves out what others ask of a subscriber", () => {
    attach(1);
    tunnelled(tcp(SERVER, at(1), { sport: 4000, dport: 443, seq: 1, ack: 1, flags: 0x18 }, clientHello("example.com")), 101, "10.0.1.2");
    plain(tcp(SERVER, at(1), { sport: 4001, dport: 443, seq: 1, ack: 1, flags: 0x18 }, clientHello("example.com")));
    expect(told()).toEqual([]);
  });

  it("names a sender whom signalling names only later", () => {
    plain(segment(1, clientHello("example.com")));
    attach(1);
    expect(summary(told(true))).toEqual([`${TAC} example.com tls 1/1`]);
  });

  it("puts a ClientHello together that needs several segments, as each point sees them", () => {
    attach(1);
    const whole = clientHello("www.example.org", 1700);
    const parts = [whole.subarray(0, 1000), whole.subarray(1000, 1500), whole.subarray(1500)];
    let seq = 0xfffffe00;
    for (const part of parts) {
      tunnelled(segment(1, part, seq), 1);
      plain(segment(1, part, seq));
      seq = (seq + part.length) >>> 0;
    }
    expect(summary(told(true))).toEqual([`${TAC} example.org tls 1/1`]);
  });

  it("opens QUIC, each flow once, and gives up on what does not open", () => {
    attach(1);
    const packet = udp(at(1), SERVER, 5000, 443, quicInitial(A2_CRYPTO, 2));
    tunnelled(packet, 1);
    plain(packet);
    plain(udp(at(1), SERVER, 5001, 8443, quicInitial(cryptoPiece(60, A2_CRYPTO.length - 4), 0)));
    plain(udp(at(1), SERVER, 5001, 8443, quicInitial(cryptoPiece(0, 60), 1)));
    expect(summary(told(true))).toEqual([`${TAC} example.com quic 1/2`]);
    let tried = 0;
    const counting = { ...quicPrimitives, open: () => void tried++ };
    watch = new ServiceWatch({ ...services.around, isSubscriber: () => true }, services.counter, counting, 7);
    const bent = quicInitial(A2_CRYPTO, 2).with(700, 0);
    for (let i = 0; i < 100; i++) plain(udp(at(1), SERVER, 5002, 443, bent));
    expect(tried).toBe(SERVICE_WATCH_LIMITS.quicTries);
  });

  it("reads no other questions, no answers, and nothing on other ports than they have content for", () => {
    attach(1);
    plain(udp(at(1), "8.8.8.8", 5000, 53, dns(1, "example.com", { type: 16 })));
    plain(udp(at(1), "8.8.8.8", 5001, 53, text("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")));
    plain(segment(1, text("GET / HTTP/1.1\r\n")));
    plain(udp(at(1), SERVER, 5002, 443, cat(hex("c0 00000001 08"), zeros(1300))));
    expect(told()).toEqual([]);
  });

  it("cut at every length and with octets changed: no exception, and no name that was not there", () => {
    attach(1);
    const packets = [segment(1, clientHello("www.example.com", 40)), udp(at(1), "8.8.8.8", 5000, 53, dns(1, "www.example.com"))];
    for (const packet of packets) {
      const frame = ethernet(LINK, packet, undefined, false);
      for (let end = 14; end < frame.length; end++) send(frame.subarray(0, end), 0);
    }
    expect(told()).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...packets), fc.array(fc.tuple(fc.nat(160), fc.nat(255)), { maxLength: 4 }), (packet, changes) => {
        const frame = ethernet(LINK, packet).slice();
        for (const [place, octet] of changes) if (34 + place < frame.length) frame[34 + place] = octet;
        send(frame, 0);
      }),
    );
    for (const { name } of told()) expect(name ?? "").toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+){1,2}$/);
  });

  it("stays bounded under ClientHellos that never end", () => {
    attach(1);
    const begin = clientHello("www.example.com", 4000).subarray(0, 500);
    for (let i = 0; i < SERVICE_WATCH_LIMITS.unfinished * 4; i++) plain(segment(1, begin, 1, 10_000 + i));
    expect((watch as unknown as { tls: Map<number, unknown> }).tls.size).toBeLessThanOrEqual(SERVICE_WATCH_LIMITS.unfinished);
    expect(told()).toEqual([]);
  });
});
