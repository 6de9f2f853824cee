import { ServiceTable } from "#join/service-table.ts";
import type { Tracker } from "#join/tracker.ts";
import type { ServiceObservation } from "#model/observation.ts";
import type { ServiceCounter, ServiceSurroundings } from "#sense/services.ts";

/** Counts servers' names by device type, with what signalling tells of who asks. */
export class Services {
  readonly counter: ServiceCounter;
  readonly around: Pick<ServiceSurroundings, "endAt" | "holderAt">;
  private readonly table: ServiceTable;
  private readonly tracker: Tracker;

  constructor(tracker: Tracker, seed: number) {
    this.tracker = tracker;
    this.table = new ServiceTable(seed);
    this.counter = this.table;
    this.around = {
      endAt: (address, teid) => {
        const end = tracker.tunnelEnds.find(address, teid);
        return end === undefined ? undefined : { owner: end.subscriber?.resolve(), access: end.side === "access" };
      },
      holderAt: (address, micros) => tracker.subscribers.holder(address, micros)?.key,
    };
  }

  /** Tells the sums and forgets them. `everyType`: also types of few subscribers. */
  finish(everyType: boolean, tell: (fact: ServiceObservation) => void): void {
    this.table.tell(this.tracker.subscribers, everyType, tell);
  }
}
