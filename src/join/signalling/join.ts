import type { MessageOrigin } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import type { AddressBook } from "#join/address-book.ts";
import type { Elements } from "#join/elements.ts";
import type { Subscriber, Subscribers } from "#join/subscribers.ts";
import type { TunnelEnds } from "#join/tunnel-ends.ts";

import { listOf } from "./lately.ts";

/** What the joiners of all protocols work on. */
export interface Joined {
  readonly addresses: AddressBook;
  readonly subscribers: Subscribers;
  readonly tunnels: TunnelEnds;
  readonly elements: Elements;
  /** All addresses that the declaration gives the function at this address; itself where it says nothing. */
  addressesOf(address: string): readonly string[];
  /** Called when the beginning of a control association was seen. */
  association(kind: "s1" | "x2" | "pfcp" | "gtp-c" | "diameter", a: string, b: string, micros: number): void;
}

export function learnIdentities(
  subscriber: Subscriber,
  message: {
    readonly imsi: readonly string[];
    readonly msisdn: readonly string[];
    readonly imei: readonly string[];
    readonly apn: readonly string[];
  },
): void {
  if (message.imsi.length === 1) subscriber.imsi ??= message.imsi[0];
  if (message.msisdn.length > 0) subscriber.msisdn ??= message.msisdn[0];
  if (message.imei.length > 0) subscriber.imei ??= message.imei[0];
  for (const apn of message.apn)
    if (apn !== "" && subscriber.apns.length < 16 && !subscriber.apns.includes(apn))
      subscriber.apns = subscriber.apns.length === 0 ? listOf(apn) : subscriber.apns.concat(apn);
}

export function learnAddresses(joined: Joined, subscriber: Subscriber, addresses: readonly string[], origin: MessageOrigin): void {
  for (const address of addresses) {
    if (address !== "0.0.0.0" && address !== "::") joined.subscribers.assignAddress(address, subscriber, toMicros(origin.time));
  }
}
