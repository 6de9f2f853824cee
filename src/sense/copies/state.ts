import { ContentSearch, type WindowMatch } from "#sense/content/content-search.ts";
import { PacketPrinter } from "#sense/prints/packet-print.ts";
import type { Inflate } from "#sense/prints/scan.ts";
import { Rhythm } from "#sense/rhythm/rhythm.ts";
import { Conservation } from "./conservation.ts";
import { Crossings } from "./crossings.ts";
import { FlowContent } from "./flow-content.ts";
import { Ledger } from "./ledger.ts";
import { Legs, type LegJudge } from "./legs.ts";
import { limits } from "./limits.ts";
import { PrintStore } from "./print-store.ts";
import { SubscriberFlows } from "./subscriber-flows.ts";

export interface CopySettings {
  /** 16 octets each, drawn per run, independent of one another. */
  readonly printKey: Uint8Array;
  readonly samplingKey: Uint8Array;
  /** One packet in so many is kept; default 1. */
  readonly sample?: number;
  /** Octets for all tables; default `limits.budgetBytes`. */
  readonly budgetBytes?: number;
  readonly judge: LegJudge;
  /** Whether the address at `at` (4 or 16 octets) is a subscriber's, by declaration or signalling. */
  readonly isSubscriber: (bytes: Uint8Array, at: number, length: number) => boolean;
  /** Addresses that passed from one subscriber to another (`Advice`); it grows. */
  readonly passed?: readonly string[];
  /** Decompression, which a pure module cannot import; without it compressed payload is not looked into. */
  readonly inflate?: Inflate;
}

/** What the parts of the search share: everything it has learnt so far. */
export class SearchState {
  readonly sample: number;
  readonly budgetBytes: number;
  /** For tables: whoever writes the traffic cannot choose keys that fall into one bucket. */
  readonly seed: number;
  readonly isSubscriber: CopySettings["isSubscriber"];
  readonly printer: PacketPrinter;
  readonly legs: Legs;
  readonly flows: SubscriberFlows;
  readonly flowContent: FlowContent;
  readonly ledger: Ledger;
  /** Prints of packets on explained ways, and of all others. */
  readonly references: PrintStore;
  readonly suspects: PrintStore;
  readonly content: ContentSearch;
  readonly rhythm: Rhythm;
  readonly conservation = new Conservation();
  readonly crossings = new Crossings();

  constructor(settings: CopySettings, windowMatched: (found: WindowMatch) => void) {
    this.sample = settings.sample ?? 1;
    this.budgetBytes = settings.budgetBytes ?? limits.budgetBytes;
    this.isSubscriber = settings.isSubscriber;
    this.printer = new PacketPrinter(settings.printKey, settings.samplingKey, this.sample);
    const k = settings.samplingKey;
    this.seed = (k[0] as number) | ((k[1] as number) << 8) | ((k[2] as number) << 16) | ((k[3] as number) << 24);
    this.legs = new Legs(settings.judge, this.seed);
    this.flows = new SubscriberFlows(this.seed ^ 0x5bd1e995, settings.passed ?? []);
    this.flowContent = new FlowContent(this.flows);
    this.ledger = new Ledger(this.seed ^ 0x2c1b3c6d);
    this.references = new PrintStore(this.budgetBytes * 0.5);
    this.suspects = new PrintStore(this.budgetBytes * 0.25);
    this.content = new ContentSearch(settings.printKey, this.budgetBytes * 0.1, this.budgetBytes * 0.025, { match: windowMatched });
    this.rhythm = new Rhythm(this.budgetBytes * 0.022, (leg) => this.ledger.packets(leg) < limits.rhythmReadable);
  }
}
