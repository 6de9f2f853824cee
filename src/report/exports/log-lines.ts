/** Findings as lines that collectors already read: EVE JSON, syslog (RFC 5424), and a log in the way of Zeek's ASCII writer. One line a finding. */
import type { FindingRecord } from "#findings/document.ts";
import { eveLine } from "#findings/eve.ts";
import type { Grade } from "#model/finding.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { caseTime, caveats, type ExportInput } from "./common.ts";

/** The finding whole under `tapproof`, but for pseudonyms and identities, which no export carries; `statement` has the caveats. */
export function eveLines(input: ExportInput): string {
  return input.selection.findings
    .map((f) => {
      const { identities: _, ...subscribers } = { ...f.subscribers, pseudonyms: [] };
      const line = JSON.parse(eveLine({ ...f, subscribers })) as Record<string, unknown>;
      return `${JSON.stringify({ ...line, tapproof: { ...(line["tapproof"] as object), statement: caveats(f, input) } })}\n`;
    })
    .join("");
}

/** RFC 5424 §6.2.1: facility 13 (log audit); severity by the strength of the evidence: warning, notice, informational. */
const PRIORITY: Readonly<Record<Grade, number>> = { proven: 13 * 8 + 4, corroborated: 13 * 8 + 5, indication: 13 * 8 + 6 };
/** 32473 is the enterprise number for documentation (RFC 5612): the project has none of its own. */
const SD_ID = "tapproof@32473";

export function syslogLines(input: ExportInput): string {
  return input.selection.findings.map((f) => `${syslogLine(f, input)}\n`).join("");
}

function syslogLine(f: FindingRecord, input: ExportInput): string {
  const fields: readonly (readonly [string, string | number | null])[] = [
    ["finding", f.id],
    ["network", input.data.document.network],
    ["case", input.data.name],
    ["claim", f.claim],
    ["grade", f.grade],
    ["standing", f.standing],
    ["element", elementName(f)],
    ["elementAddress", f.element.address],
    ["receiver", f.receiver === null ? null : receiverName(f)],
    ["receiverAddress", f.receiver?.address ?? null],
    ["receiverPort", f.receiver?.port ?? null],
    ["subscribers", f.subscribers.count],
    ["packets", f.packets],
    ["bytes", f.bytes],
    ["bits", f.bits],
    ["first", f.first],
    ["last", f.last],
    ["draft", String(input.draft.isDraft)],
  ];
  const data = fields.flatMap(([name, value]) => (value === null ? [] : [`${name}="${sdValue(String(value))}"`])).join(" ");
  // TIME-SECFRAC has at most six digits; MSG in UTF-8 begins with its mark (§6.4)
  const at = f.last.replace(/(\.\d{6})\d+/, "$1");
  return `<${PRIORITY[f.grade]}>1 ${at} - tapproof - ${f.claim} [${SD_ID} ${data}] \ufeff${plain(caveats(f, input))}`;
}

/** §6.3.3: these three are escaped in a value. */
function sdValue(text: string): string {
  return plain(text).replaceAll(/["\\\]]/g, (c) => `\\${c}`);
}

/** Strangers' names may hold ends of lines and what turns text around: a line stays one line. */
function plain(text: string): string {
  return text
    .replaceAll("\n", " ")
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

const ZEEK_FIELDS: readonly (readonly [string, string])[] = [
  ["ts", "time"],
  ["note", "enum"],
  ["msg", "string"],
  ["sub", "string"],
  ["src", "addr"],
  ["dst", "addr"],
  ["p", "port"],
  ["n", "count"],
  ["grade", "string"],
  ["standing", "string"],
  ["element", "string"],
  ["receiver", "string"],
  ["subscribers", "count"],
  ["bytes", "count"],
  ["first_ts", "time"],
  ["finding", "string"],
];

/** As `zeek-cut` reads it; the leading fields are those of Zeek's notice.log. */
export function zeekLog(input: ExportInput): string {
  const opened = caseTime(input.data).slice(0, 19).replaceAll(":", "-").replace("T", "-");
  const head = [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\ttapproof",
    `#open\t${opened}`,
    `#fields\t${ZEEK_FIELDS.map(([name]) => name).join("\t")}`,
    `#types\t${ZEEK_FIELDS.map(([, type]) => type).join("\t")}`,
  ];
  const rows = input.selection.findings.map((f) =>
    [
      epoch(f.last),
      `TapProof::${f.claim.replaceAll("-", "_")}`,
      f.summary,
      caveats(f, input),
      f.element.address,
      f.receiver?.address ?? null,
      f.receiver?.port ?? null,
      f.packets,
      f.grade,
      f.standing,
      elementName(f),
      f.receiver === null ? null : receiverName(f),
      f.subscribers.count,
      f.bytes,
      epoch(f.first),
      f.id,
    ]
      .map(zeekCell)
      .join("\t"),
  );
  return [...head, ...rows, `#close\t${opened}`, ""].join("\n");
}

function zeekCell(value: string | number | null): string {
  if (value === null) return "-";
  if (value === "") return "(empty)";
  if (value === "-" || value === "(empty)") return `\\x${value.charCodeAt(0).toString(16)}${value.slice(1)}`;
  return String(value).replaceAll(/[\\\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) =>
    [...Buffer.from(c, "utf8")].map((octet) => `\\x${octet.toString(16).padStart(2, "0")}`).join(""),
  );
}

/** Seconds with microseconds; a double would lose some. */
function epoch(rfc3339: string): string {
  const seconds = Math.floor(Date.parse(`${rfc3339.slice(0, 19)}Z`) / 1000);
  const fraction = /\.(\d{1,9})/.exec(rfc3339)?.[1] ?? "";
  return `${seconds}.${fraction.padEnd(6, "0").slice(0, 6)}`;
}
