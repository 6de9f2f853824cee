/** One line a control-plane message: JSON as `contract.md` §4 fixes it, or text for people. */
import { createHmac, randomBytes } from "node:crypto";
import type { DecodedMessage, MessageOrigin, TunnelEnd } from "#model/message.ts";
import { toRfc3339 } from "#model/time.ts";

/** Turns an identity into what may be shown. */
export type Veil = (kind: "imsi" | "msisdn" | "imei" | "ip", value: string) => string;

export const CLEAR: Veil = (_kind, value) => value;

/** Pseudonyms kept; past it they are computed again, with the same result. */
const REMEMBERED = 100_000;
const PSEUDONYM_DIGITS = 16;

/** Keyed pseudonyms: the same value has the same one all through a run, and another in the next. */
export function pseudonyms(key: Uint8Array = randomBytes(32)): Veil {
  const known = new Map<string, string>();
  return (kind, value) => {
    const text = `${kind}:${value}`;
    let pseudonym = known.get(text);
    if (pseudonym === undefined) {
      pseudonym = `s:${createHmac("sha256", key).update(text).digest("hex").slice(0, PSEUDONYM_DIGITS)}`;
      if (known.size < REMEMBERED) known.set(text, pseudonym);
    }
    return pseudonym;
  };
}

/** One JSON object and a line feed. Fields that the message lacks are left out. */
export function jsonLine(message: DecodedMessage, origin: MessageOrigin, capture: string, veil: Veil): string {
  let line = `{"frame":${origin.frame},"capture":${JSON.stringify(capture)},"time":"${toRfc3339(origin.time)}","src":"${origin.src}","dst":"${origin.dst}","protocol":"${message.protocol}"`;
  if (message.type !== undefined) line += `,"type":${message.type}`;
  if (message.kind !== undefined) line += `,"kind":"${message.kind}"`;
  if (message.request !== undefined) line += `,"request":${message.request}`;
  if (message.application !== undefined) line += `,"application":${message.application}`;
  line += `,"name":${JSON.stringify(message.name)}`;
  if (message.ciphered === true) line += ',"ciphered":true';
  line += oneOrMany(
    "imsi",
    message.imsi.map((v) => veil("imsi", v)),
  );
  line += oneOrMany(
    "msisdn",
    message.msisdn.map((v) => veil("msisdn", v)),
  );
  line += oneOrMany(
    "imei",
    message.imei.map((v) => veil("imei", v)),
  );
  if (message.teids.length > 0) line += `,"teids":[${message.teids.map(teidJson).join(",")}]`;
  if (message.ueAddresses.length > 0) line += `,"ueAddresses":${JSON.stringify(message.ueAddresses.map((v) => veil("ip", v)))}`;
  line += oneOrMany("apn", message.apn);
  if (origin.frames.length > 1) line += `,"frames":[${origin.frames.join(",")}]`;
  if (origin.inTunnel) line += ',"inTunnel":true';
  if (origin.incomplete) line += ',"incomplete":true';
  return `${line}}\n`;
}

function teidJson(end: TunnelEnd): string {
  return `{"teid":${end.teid},"address":"${end.address}"}`;
}

function oneOrMany(name: string, values: readonly string[]): string {
  if (values.length === 0) return "";
  return `,"${name}":${values.length === 1 ? JSON.stringify(values[0]) : JSON.stringify(values)}`;
}

const FRAME_WIDTH = 7;
const ENDS_WIDTH = 37;
const PROTOCOL_WIDTH = 9;

/** Aligned text for people, and a line feed. `depth` indents messages that lie inside others. */
export function textLine(message: DecodedMessage, origin: MessageOrigin, veil: Veil, depth: number): string {
  const time = toRfc3339(origin.time).slice(11, 26);
  const ends = `${origin.src} → ${origin.dst}`;
  const facts = [
    ...named(
      "imsi",
      message.imsi.map((v) => veil("imsi", v)),
    ),
    ...named(
      "msisdn",
      message.msisdn.map((v) => veil("msisdn", v)),
    ),
    ...named(
      "imei",
      message.imei.map((v) => veil("imei", v)),
    ),
    ...named(
      "ue",
      message.ueAddresses.map((v) => veil("ip", v)),
    ),
    ...named("apn", message.apn.map(printable)),
    ...named(
      "teid",
      message.teids.map((t) => `0x${t.teid.toString(16).padStart(8, "0")}@${t.address}`),
    ),
    ...(message.ciphered === true ? ["ciphered"] : []),
    ...(origin.incomplete ? ["incomplete"] : []),
    ...(message.faults.length > 0 ? [`faults ${message.faults.length}`] : []),
  ];
  const kind = message.kind === undefined || message.kind === "initiating" ? "" : ` (${message.kind})`;
  const name = `${"  ".repeat(depth)}${printable(message.name)}${kind}`;
  const head = `${String(origin.frame).padStart(FRAME_WIDTH)}  ${time}  ${ends.padEnd(ENDS_WIDTH)}  ${message.protocol.padEnd(PROTOCOL_WIDTH)} ${name}`;
  return `${head}${facts.length > 0 ? `  ${facts.join(" ")}` : ""}\n`;
}

function named(name: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`${name}=${values.join(",")}`];
}

/** Text from the wire must not steer a terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
}
