import { scaled } from "#model/room.ts";
import { RowTable } from "#bytes/row-table.ts";
import type { ObservedMessage } from "#model/message.ts";

/** Requests that wait for their answer; past it those asked first are forgotten, and their answers stand alone. */
export const MAX_OPEN_REQUESTS = 32_768;
/** Answered requests; past it the same answer seen at yet another point stands alone. */
export const MAX_ANSWERED_REQUESTS = 512;
/** Addresses numbered for the keys of requests; past it they are numbered anew, and requests that wait under an old number are not found. */
export const MAX_ASKING_ADDRESSES = 65_536;

/** Requests and answers of one protocol. `by`: what pairs them, where a protocol has several ways (28 bits); `a` and `b`: its own numbers. */
export class Pairs {
  private readonly exchanges: Exchanges;
  private readonly protocol: number;

  /** `protocol`: of the table of protocols, 0 … 15. */
  constructor(exchanges: Exchanges, protocol: number) {
    this.exchanges = exchanges;
    this.protocol = protocol;
  }

  ask(by: number, a: number, b: number, from: string, to: string, request: ObservedMessage): void {
    this.exchanges.ask((by << 4) | this.protocol, a, b, from, to, request);
  }

  answer(by: number, a: number, b: number, from: string, to: string): ObservedMessage | undefined {
    return this.exchanges.answer((by << 4) | this.protocol, a, b, from, to);
  }
}

/**
 * Requests that wait for their answer, by whatever the protocol pairs them with: two numbers of the protocol's and the two addresses.
 * All in words: texts of them, made and hashed for every message, were a tenth of what joining took.
 *
 * An answered request stays for a while, since its answer may be seen at several points, but among few: messages are
 * large, and a network at work answers nearly all of them.
 */
export class Exchanges {
  private readonly open: Requests;
  private readonly answered: Requests;
  private numbers = new Map<string, number>();
  private lastNumber = 0;

  /** `seed`: for the hash tables; the result does not depend on it. */
  constructor(seed: number) {
    this.open = new Requests(MAX_OPEN_REQUESTS, seed);
    this.answered = new Requests(MAX_ANSWERED_REQUESTS, seed);
  }

  /** A request from one address to another, under `a` and `b` (32 bits each). */
  ask(pairing: number, a: number, b: number, from: string, to: string, request: ObservedMessage): void {
    const src = this.number(from);
    const dst = this.number(to);
    this.answered.take(pairing, a, b, src, dst);
    this.open.set(pairing, a, b, src, dst, request);
  }

  /** The request that these numbers name; `from` and `to` are the request's. */
  answer(pairing: number, a: number, b: number, from: string, to: string): ObservedMessage | undefined {
    const src = this.number(from);
    const dst = this.number(to);
    const request = this.open.take(pairing, a, b, src, dst);
    if (request === undefined) return this.answered.get(pairing, a, b, src, dst);
    this.answered.set(pairing, a, b, src, dst, request);
    return request;
  }

  private number(address: string): number {
    const known = this.numbers.get(address);
    if (known !== undefined) return known;
    if (this.numbers.size >= MAX_ASKING_ADDRESSES) this.numbers = new Map();
    this.lastNumber = (this.lastNumber + 1) | 0;
    this.numbers.set(address, this.lastNumber);
    return this.lastNumber;
  }
}

class Requests {
  private readonly table: RowTable;
  private readonly bySlot: (ObservedMessage | undefined)[] = [];
  private readonly limit: number;

  constructor(limit: number, seed: number) {
    this.limit = scaled(limit);
    this.table = new RowTable(5, 0, this.limit, seed);
  }

  set(pairing: number, a: number, b: number, src: number, dst: number, request: ObservedMessage): void {
    const { table } = this;
    let slot = this.find(pairing, a, b, src, dst);
    if (slot >= 0) table.touch(slot);
    else {
      if (table.size >= this.limit) {
        this.forget(table.oldest());
        this.key(pairing, a, b, src, dst);
      }
      slot = table.add();
    }
    this.bySlot[slot] = request;
  }

  get(pairing: number, a: number, b: number, src: number, dst: number): ObservedMessage | undefined {
    const slot = this.find(pairing, a, b, src, dst);
    return slot < 0 ? undefined : this.bySlot[slot];
  }

  /** Gives it and forgets it. */
  take(pairing: number, a: number, b: number, src: number, dst: number): ObservedMessage | undefined {
    const slot = this.find(pairing, a, b, src, dst);
    if (slot < 0) return undefined;
    const request = this.bySlot[slot];
    this.forget(slot);
    return request;
  }

  private forget(slot: number): void {
    this.bySlot[slot] = undefined;
    this.table.remove(slot);
  }

  private find(pairing: number, a: number, b: number, src: number, dst: number): number {
    this.key(pairing, a, b, src, dst);
    return this.table.find();
  }

  private key(pairing: number, a: number, b: number, src: number, dst: number): void {
    const { key } = this.table;
    key[0] = pairing;
    key[1] = a;
    key[2] = b;
    key[3] = src;
    key[4] = dst;
  }
}
