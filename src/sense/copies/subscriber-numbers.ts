import { addressText } from "#bytes/address.ts";
import { limits } from "./limits.ts";

/** Subscribers by number, from 1 on in the order in which their first flow was seen, with what was counted of each. Whoever gets another's address is another. */
export class SubscriberNumbers {
  /** Flows ever seen, by number; flows that ever carried payload; prints of flows that were forgotten since. */
  flows = new Int32Array(1024);
  payloadFlows = new Int32Array(1024);
  forgottenPrints = new Float64Array(1024);

  private readonly byIpv4 = new Map<number, number>();
  private readonly byAddress = new Map<string, number>();
  private readonly addresses: string[] = [""];
  private readonly passed: readonly string[];
  private passedRead = 0;

  /** `passed`: `Advice.subscribers.passed`. */
  constructor(passed: readonly string[]) {
    this.passed = passed;
  }

  get count(): number {
    return this.addresses.length - 1;
  }
  address(number: number): string {
    return this.addresses[number] ?? "";
  }

  /** The number of the subscriber whose address stands at `at`. Past the limit all further ones share number 0: they are counted, not told apart. */
  of(bytes: Uint8Array, at: number, version: number): number {
    if (this.passedRead < this.passed.length) this.readPassed();
    // Strings are made once a subscriber, not once a flow.
    const v4 = version === 4 ? word(bytes, at) : 0;
    const known = version === 4 ? this.byIpv4.get(v4) : this.byAddress.get(addressText(bytes, at, version));
    if (known !== undefined) return known;
    if (this.addresses.length >= limits.learnedAddresses) return 0;
    const number = this.addresses.length;
    const address = addressText(bytes, at, version);
    this.addresses.push(address);
    if (number >= this.flows.length) this.widen();
    if (version === 4) this.byIpv4.set(v4, number);
    else this.byAddress.set(address, number);
    return number;
  }

  private readPassed(): void {
    for (; this.passedRead < this.passed.length; this.passedRead++) {
      const address = this.passed[this.passedRead] as string;
      this.byIpv4.delete(ipv4Word(address));
      this.byAddress.delete(address);
    }
  }

  private widen(): void {
    const size = this.flows.length * 2;
    const flows = new Int32Array(size);
    flows.set(this.flows);
    this.flows = flows;
    const payloadFlows = new Int32Array(size);
    payloadFlows.set(this.payloadFlows);
    this.payloadFlows = payloadFlows;
    const forgottenPrints = new Float64Array(size);
    forgottenPrints.set(this.forgottenPrints);
    this.forgottenPrints = forgottenPrints;
  }
}

/** As `word` gives it; NaN for what is no IPv4 address. */
function ipv4Word(address: string): number {
  const parts = address.split(".");
  return parts.length === 4 ? parts.reduce((all, part) => (all << 8) | Number(part), 0) : Number.NaN;
}

/** Signed: half of all such keys are small integers to V8, and cheap in a `Map`. */
function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
