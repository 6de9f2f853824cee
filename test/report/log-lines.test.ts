/** Lines for collectors: read back by readers written from the formats' own texts, not by the writers. */
import { afterAll, describe, expect, it } from "vitest";
import { exportInput, type ExportInput } from "#report/exports/common.ts";
import { eveLines, syslogLines, zeekLog } from "#report/exports/log-lines.ts";
import { CLAIM_CASES, COPY, dataOf, hostile, INTERCEPTION, removeAll } from "./cases.ts";

afterAll(removeAll);
const NOW = Date.parse("2026-12-01T00:00:00Z");
const inputOf = async (folder: string, cleared = true): Promise<ExportInput> =>
  exportInput(await dataOf(folder), { liCleared: cleared, identities: true }, NOW);

/** RFC 5424 §6, as its ABNF has it. */
const SYSLOG =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z) - tapproof - ([\x21-\x7e]{1,32}) \[([\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32})((?: [A-Za-z]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] \ufeff(.*)$/u;

function syslogOf(text: string): { priority: number; data: Record<string, string>; message: string }[] {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const read = SYSLOG.exec(line);
      expect(read, line).not.toBeNull();
      const data = [...(read?.[5] ?? "").matchAll(/ ([A-Za-z]+)="((?:[^"\\\]]|\\["\\\]])*)"/g)].map(([, name, value]) => [
        name ?? "",
        (value ?? "").replaceAll(/\\(["\\\]])/g, "$1"),
      ]);
      return { priority: Number(read?.[1]), data: Object.fromEntries(data) as Record<string, string>, message: read?.[6] ?? "" };
    });
}

function zeekOf(text: string): Record<string, string>[] {
  const lines = text.split("\n");
  const fields =
    lines
      .find((l) => l.startsWith("#fields\t"))
      ?.split("\t")
      .slice(1) ?? [];
  const types =
    lines
      .find((l) => l.startsWith("#types\t"))
      ?.split("\t")
      .slice(1) ?? [];
  expect(types).toHaveLength(fields.length);
  const unescape = (cell: string): string =>
    Buffer.from(
      cell.replaceAll(/\\x([0-9a-f]{2})|([^\\]+)/gi, (_, hex: string | undefined, rest: string | undefined) =>
        hex === undefined ? Buffer.from(rest ?? "").toString("latin1") : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      "latin1",
    ).toString("utf8");
  return lines
    .filter((l) => l !== "" && !l.startsWith("#"))
    .map((l) => {
      const cells = l.split("\t");
      expect(cells).toHaveLength(fields.length);
      return Object.fromEntries(fields.map((f, i) => [f, unescape(cells[i] ?? "")]));
    });
}

describe.each([COPY, ...CLAIM_CASES])("%s", (folder) => {
  it("every finding is one line of each, with its statement, and without a pseudonym", async () => {
    const input = await inputOf(folder);
    const { findings } = input.selection;
    if (findings.length === 0) {
      expect([eveLines(input), syslogLines(input), zeekOf(zeekLog(input))]).toEqual(["", "", []]);
      return;
    }
    const eve = eveLines(input)
      .trimEnd()
      .split("\n")
      .map((l) => JSON.parse(l) as { timestamp: string; event_type: string; tapproof: { id: string; statement: string; grade: string } });
    const syslog = syslogOf(syslogLines(input));
    const zeek = zeekOf(zeekLog(input));
    for (const [i, f] of findings.entries()) {
      expect(eve[i]).toMatchObject({ event_type: "alert", tapproof: { id: f.id, grade: f.grade, packets: f.packets } });
      expect(syslog[i]?.data).toMatchObject({ finding: f.id, claim: f.claim, grade: f.grade, packets: String(f.packets) });
      expect((syslog[i]?.priority ?? 0) >> 3).toBe(13);
      expect(zeek[i]).toMatchObject({ finding: f.id, msg: f.summary, n: String(f.packets), grade: f.grade });
      expect(Math.abs(Number(zeek[i]?.["ts"]) * 1000 - Date.parse(f.last))).toBeLessThan(1);
      for (const text of [eve[i]?.tapproof.statement, syslog[i]?.message, zeek[i]?.["sub"]])
        expect(text).toContain("This does not show who caused it");
      for (const person of f.subscribers.pseudonyms)
        for (const text of [eveLines(input), syslogLines(input), zeekLog(input)]) expect(text).not.toContain(`"${person}"`);
    }
  });
});

it("a stranger's words break no line", async () => {
  const input = exportInput(hostile(await dataOf(COPY)), { liCleared: true, identities: true }, NOW);
  const { findings } = input.selection;
  expect(syslogOf(syslogLines(input))).toHaveLength(findings.length);
  expect(zeekOf(zeekLog(input)).map((z) => z["finding"])).toEqual(findings.map((f) => f.id));
  expect(eveLines(input).trimEnd().split("\n")).toHaveLength(findings.length);
});

it("findings about interception are for who is cleared", async () => {
  const input = await inputOf(INTERCEPTION, false);
  expect([eveLines(input), syslogLines(input), zeekOf(zeekLog(input))]).toEqual(["", "", []]);
});
