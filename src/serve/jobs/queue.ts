/** Work that costs much waits its turn: so many at once, so many waiting, so many of one account. Whoever waits is told his place. */
import type { Queued } from "#serve/api/types.ts";
import { Problem } from "#serve/problem.ts";

interface Ticket {
  readonly account: string;
  readonly kind: Queued["kind"];
  readonly go: () => void;
}

export interface QueueLimits {
  /** Done at the same time. */
  readonly running: number;
  /** Waiting, of all accounts; more is refused. */
  readonly waiting: number;
  /** Running or waiting, of one account; more is refused. */
  readonly perAccount: number;
}

export class Queue {
  private readonly limits: QueueLimits;
  private readonly running = new Set<Ticket>();
  private readonly waiting: Ticket[] = [];

  constructor(limits: QueueLimits) {
    this.limits = limits;
  }

  /** Throws `too-many` where the account, or all together, have their share. */
  async run<T>(account: string, kind: Queued["kind"], work: () => Promise<T>): Promise<T> {
    const own = [...this.running, ...this.waiting].filter((t) => t.account === account).length;
    if (own >= this.limits.perAccount)
      throw new Problem("too-many", `${own} of your requests are being worked on already`, "queue", "wait until one is done");
    if (this.running.size >= this.limits.running && this.waiting.length >= this.limits.waiting)
      throw new Problem("too-many", `${this.waiting.length} requests wait already`, "queue", "wait, then ask again");
    let begin: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => (begin = resolve));
    const ticket: Ticket = { account, kind, go: begin };
    this.waiting.push(ticket);
    this.next();
    await turn;
    try {
      return await work();
    } finally {
      this.running.delete(ticket);
      this.next();
    }
  }

  /** What an account waits for; place 0 is being worked on. */
  places(account: string): Queued[] {
    const running = [...this.running].map((ticket) => ({ ticket, place: 0 }));
    const waiting = this.waiting.map((ticket, i) => ({ ticket, place: i + 1 }));
    return [...running, ...waiting]
      .filter(({ ticket }) => ticket.account === account)
      .map(({ ticket, place }) => ({ kind: ticket.kind, place }));
  }

  private next(): void {
    while (this.running.size < this.limits.running) {
      const ticket = this.waiting.shift();
      if (ticket === undefined) return;
      this.running.add(ticket);
      ticket.go();
    }
  }
}
