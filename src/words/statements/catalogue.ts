/** Every message of the catalogue, in every language. */
import type { StatementCode } from "#model/statement.ts";
import type { Language } from "#words/words.ts";
import { CHANNEL_WORDS } from "./channel.ts";
import { COPY_WORDS } from "./copy.ts";
import { COVERAGE_WORDS } from "./coverage.ts";
import { EXCHANGE_WORDS } from "./exchange.ts";
import { INTERCEPTION_WORDS } from "./interception.ts";
import { ORDER_WORDS } from "./order.ts";
import { PROTECTION_WORDS } from "./protection.ts";
import { QUERY_WORDS } from "./query.ts";
import { SHARED_WORDS } from "./shared.ts";
import { TUNNEL_WORDS } from "./tunnel.ts";

export const MESSAGES: Readonly<Record<StatementCode, Readonly<Record<Language, string>>>> = {
  ...SHARED_WORDS,
  ...COPY_WORDS,
  ...EXCHANGE_WORDS,
  ...ORDER_WORDS,
  ...QUERY_WORDS,
  ...TUNNEL_WORDS,
  ...INTERCEPTION_WORDS,
  ...PROTECTION_WORDS,
  ...CHANNEL_WORDS,
  ...COVERAGE_WORDS,
};
