/**
 * The fields of a warrant as `contract.md` §3 fixes them. Messages say what is expected and never repeat what stands
 * there: the register is the most sensitive list of a network, and an error text travels far.
 */
import { z } from "zod";
import { canonicalPrefixText, foldTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { compareInstants } from "#model/time.ts";
import type { Warrant } from "./types.ts";

export const FIELDS = ["id", "target", "scope", "from", "to", "receiver", "authority", "liid"] as const;
export type Field = (typeof FIELDS)[number];
export const REQUIRED: readonly Field[] = ["id", "target", "scope", "from", "to", "receiver", "authority"];

/** Characters of one field; a longer one refuses the register, naming line and field. */
const MOST_CHARACTERS = 200;

/** What each kind of target looks like. Unicode digits and signs are not digits here. */
const TARGETS: Readonly<Record<string, RegExp>> = {
  imsi: /^[0-9]{6,15}$/,
  msisdn: /^\+?[0-9]{3,15}$/,
  imei: /^[0-9]{14,16}$/,
  ip: /^[0-9a-fA-F:./]+$/,
  supi: /^(imsi-[0-9]{6,15}|[0-9]{6,15}|(nai-)?[^\s@]+@[^\s@]+)$/,
  gpsi: /^(msisdn-[0-9]{3,15}|\+?[0-9]{3,15}|(extid-)?[^\s@]+@[^\s@]+)$/,
  sip: /^[^\s@]+@[^\s@]+$|^\+?[0-9]{3,15}$/,
  nai: /^[^\s@]+@[^\s@]+$/,
};

const text = (what: string) =>
  z
    .string({ error: `expected ${what}` })
    .min(1, { error: `is empty, expected ${what}` })
    .max(MOST_CHARACTERS, { error: `is longer than ${MOST_CHARACTERS} characters` })
    .regex(/^[^\p{Cc}]*$/u, { error: "holds control characters" });

/** Seconds may be left out only with the zone kept; a zone is always needed. Leap second 60 is not accepted. */
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|z|[+-]\d{2}:\d{2})?$/;

export function readMoment(value: string): Instant | "no-zone" | undefined {
  const m = MOMENT.exec(value);
  if (m === null) return /^\d{4}-\d{2}-\d{2}$/.test(value) ? "no-zone" : undefined;
  if (m[8] === undefined) return "no-zone";
  const [year, month, day, hour, minute] = m.slice(1, 6).map(Number) as [number, number, number, number, number];
  const second = Number(m[6] ?? 0);
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(ms).getUTCDate() !== day || new Date(ms).getUTCMonth() !== month - 1) return undefined;
  let offset = 0;
  if (m[8] !== "Z" && m[8] !== "z") {
    const [h, min] = [Number(m[8].slice(1, 3)), Number(m[8].slice(4, 6))];
    if (h > 23 || min > 59) return undefined;
    offset = (m[8].startsWith("-") ? -1 : 1) * (h * 3600 + min * 60);
  }
  return { sec: ms / 1000 - offset, nsec: Number((m[7] ?? "").padEnd(9, "0")) };
}

const moment = (which: string) =>
  text("a point in time")
    .refine((v) => readMoment(v) !== "no-zone", { error: "has no time zone, expected date, time and zone such as 2026-01-01T00:00:00Z" })
    .refine((v) => readMoment(v) !== undefined, {
      error: "is not a point in time, expected date, time and zone such as 2026-01-01T00:00:00Z",
    })
    .meta({ description: `${which} of the period, inclusive and exact; RFC 3339 with time zone`, examples: ["2026-01-01T00:00:00Z"] });

export function targetProblem(value: string): string | undefined {
  const colon = value.indexOf(":");
  const kind = colon < 0 ? "" : value.slice(0, colon).toLowerCase();
  const form = Object.hasOwn(TARGETS, kind) ? TARGETS[kind] : undefined;
  if (form === undefined)
    return `expected ${Object.keys(TARGETS)
      .map((k) => `${k}:…`)
      .join(", ")}`;
  const rest = value.slice(colon + 1);
  if (!form.test(rest) || (kind === "ip" && canonicalPrefixText(rest) === undefined))
    return `is not a valid ${kind.toUpperCase()}, expected ${kind}: and its value`;
  return undefined;
}

export const warrantSchema = z.strictObject({
  id: text("a name for the warrant").meta({ description: "Name of the warrant; each name once" }),
  target: text("a target")
    .superRefine((v, ctx) => {
      const problem = targetProblem(v);
      if (problem !== undefined) ctx.addIssue({ code: "custom", message: problem });
    })
    .meta({
      description: "imsi:, msisdn:, imei:, ip:, supi:, gpsi:, sip: or nai: and the identity",
      pattern: "^(imsi|msisdn|imei|ip|supi|gpsi|sip|nai):.+$",
    }),
  scope: z.enum(["iri", "cc", "both"], { error: "expected iri, cc or both" }),
  from: moment("Beginning"),
  to: moment("End"),
  receiver: text("the address of the monitoring facility (LEMF)")
    .refine((v) => canonicalPrefixText(v) !== undefined, {
      error: "is not an address, expected the IPv4 or IPv6 address of the monitoring facility (LEMF)",
    })
    .meta({ description: "IPv4 or IPv6 address, or prefix, of the monitoring facility" }),
  authority: text("the authority that gave the warrant"),
  liid: text("a lawful interception identifier").max(50, { error: "is longer than 50 characters" }).optional(),
});

export type WarrantFields = z.infer<typeof warrantSchema>;

/** The JSON Schema that `schemas/warrants.schema.json` publishes. */
export function warrantsJsonSchema(): Record<string, unknown> {
  return {
    $id: "urn:tapproof:schema:warrants:1",
    title: "Tapproof register of warrants",
    ...z.toJSONSchema(z.array(warrantSchema), { target: "draft-2020-12", io: "input", unrepresentable: "any" }),
  };
}

/** Checked fields to a warrant; the reason where the period ends before it begins. */
export function toWarrant(fields: WarrantFields): Warrant | { readonly problem: string } {
  const from = readMoment(fields.from) as Instant;
  const to = readMoment(fields.to) as Instant;
  if (compareInstants(to, from) < 0) return { problem: "is before from, expected the end of the period" };
  const colon = fields.target.indexOf(":");
  return {
    id: fields.id,
    target: foldTarget(fields.target.slice(0, colon).toLowerCase(), fields.target.slice(colon + 1)),
    scope: fields.scope,
    from,
    to,
    receiver: canonicalPrefixText(fields.receiver) as string,
    authority: fields.authority,
    liid: fields.liid,
  };
}
