import type { ObservedMessage } from "#model/message.ts";

/**
 * Requests that wait for their answer, by whatever the protocol pairs them with. Two generations instead of time stamps:
 * when the younger is full, the older (and with it what never was answered) is forgotten in one step.
 *
 * An answered request stays for a while, since its answer may be seen at several points, but among few: messages are
 * large, and a network at work answers nearly all of them.
 */
/** Requests that wait for their answer, in each of two generations; past both, the older generation is forgotten, and its answers stand alone. */
export const MAX_OPEN_REQUESTS = 16_384;
/** Answered requests, in each of two generations; past both, the same answer seen at yet another point stands alone. */
export const MAX_ANSWERED_REQUESTS = 256;

export class Exchanges {
  private readonly open = new Generations(MAX_OPEN_REQUESTS);
  private readonly answered = new Generations(MAX_ANSWERED_REQUESTS);

  ask(key: string, request: ObservedMessage): void {
    this.answered.delete(key);
    this.open.set(key, request);
  }

  /** The request with this key. */
  answer(key: string): ObservedMessage | undefined {
    const request = this.open.get(key);
    if (request === undefined) return this.answered.get(key);
    this.open.delete(key);
    this.answered.set(key, request);
    return request;
  }
}

class Generations {
  private younger = new Map<string, ObservedMessage>();
  private older = new Map<string, ObservedMessage>();
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  set(key: string, request: ObservedMessage): void {
    if (this.younger.size >= this.size) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(key, request);
  }

  get(key: string): ObservedMessage | undefined {
    return this.younger.get(key) ?? this.older.get(key);
  }

  delete(key: string): void {
    this.younger.delete(key);
    this.older.delete(key);
  }
}
