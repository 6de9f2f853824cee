/** For the tests that stand beside the joiners: messages by hand, in their order, and what is known of an end after them. */
import type { DecodedMessage } from "#model/message.ts";
import type { Observation } from "#model/observation.ts";
import { Tracker } from "#join/tracker.ts";

export const [ALICE, BOB] = ["208010000000001", "208010000000002"] as const;
const LISTS = { imsi: [], msisdn: [], imei: [], teids: [], ueAddresses: [], apn: [], inner: [], faults: [] };

export class Network {
  readonly told: Observation[] = [];
  readonly tracker: Tracker = new Tracker(1, (observation) => void this.told.push(observation));
  private seconds = 0;

  /** One message a second. `inTunnel`: a subscriber sent it. */
  see(src: string, dst: string, content: object, inTunnel = false): this {
    this.seconds++;
    const message = { ...LISTS, name: "", type: 0, ...content } as unknown as DecodedMessage;
    const origin = {
      capture: 0,
      point: 0,
      frame: this.seconds,
      frames: [this.seconds],
      time: { sec: this.seconds, nsec: 0 },
      src,
      dst,
      srcPort: 1,
      dstPort: 2,
      transport: "udp",
      inTunnel,
      incomplete: false,
    } as const;
    this.tracker.take({ kind: "message", observed: { origin, message } });
    return this;
  }

  /** Second of its release, `up`, or undefined where nothing named it. */
  end(address: string, teid: number): "up" | number | undefined {
    const end = this.tracker.tunnelEnds.find(address, teid);
    if (end === undefined) return undefined;
    return end.releasedMicros === undefined ? "up" : end.releasedMicros / 1e6;
  }

  /** IMSI of the subscriber whose end it is. */
  of(address: string, teid: number): string | undefined {
    return this.tracker.tunnelEnds.find(address, teid)?.subscriber?.resolve().imsi;
  }

  /** IMSI of whoever holds a user address, at a second. */
  holder(address: string, second = Infinity): string | undefined {
    return this.tracker.subscribers.holder(address, second * 1e6)?.imsi;
  }
}
