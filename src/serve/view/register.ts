/** Warrants and grants against what was observed, on one time axis. For the role `li-cleared` alone. */
import { GRADES } from "#model/finding.ts";
import type { Warrant } from "#register/types.ts";
import type { Register } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { rfc3339 } from "#serve/cases/tables.ts";
import { readCase } from "#store/query.ts";
import { toRfc3339 } from "#model/time.ts";

/** Management sessions shown under grants; later ones are left out. */
const MOST_USES = 5000;
/** Acts that nothing covers, listed; the strongest. */
const MOST_UNCOVERED = 1000;
const MANAGED = new Set(["unwarranted-interception", "ungranted-access"]);

export async function registerOf(of: OpenCase, warrants: readonly Warrant[] | null): Promise<Register> {
  const declaration = of.lookup?.declaration;
  const summary = of.summary(true);
  const uses = await usesOf(of);
  const uncovered = [...of.index.each(true)]
    .filter((f) => MANAGED.has(f.claim))
    .sort((a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade));
  const grants = (declaration?.grants ?? []).map((g): Register["grants"][number] => {
    // flows name the grant that lets them exist by its ticket, else by its party
    const key = `grants/${g.ticket ?? g.party}`;
    return {
      party: g.party,
      functions: [...g.functions],
      protocols: [...g.protocols],
      ticket: g.ticket,
      period: { from: g.from, to: g.to },
      used: uses.filter((u) => u.by === key).map((u) => u.span),
    };
  });
  return {
    case: of.id,
    period: { from: summary.first, to: summary.last },
    warrants: warrants?.map((w) => barOf(w, summary.first, summary.last)) ?? null,
    warrantsWhy: warrants === null ? "The server was started without --warrants; a case never holds what a warrant says." : null,
    coveredInterceptions: of.document?.coverage.coveredInterceptions ?? null,
    grants,
    uncoveredTotal: uncovered.length,
    uncovered: uncovered.slice(0, MOST_UNCOVERED).map((f) => ({
      finding: f.id,
      claim: f.claim,
      grade: f.grade,
      ...(of.index.summaryOf(of.id, f.id) ?? { summary: "" }),
      element: f.element,
      party: f.receiver,
      from: f.first,
      to: f.last,
    })),
    unused: grants
      .filter((g) => g.used.length === 0)
      .map((g) => ({
        party: g.party,
        functions: g.functions,
        why: "No management that this grant covers was seen in the period of the captures.",
      })),
    sealed: [
      ...(declaration === undefined || declaration.sealed === null
        ? []
        : [
            {
              at: declaration.sealed.at,
              by: [...declaration.sealed.by],
              what: "network declaration",
              hash: of.document?.declaration ?? null,
            },
          ]),
      ...sealedEntries(of),
    ],
  };
}

interface Use {
  readonly by: string;
  readonly span: Register["grants"][number]["used"][number];
}

async function usesOf(of: OpenCase): Promise<readonly Use[]> {
  if (!of.folder.has("database") || of.busy) return [];
  try {
    const { rows } = await readCase(of.folder.file("database"), (ask) =>
      ask(
        `SELECT explained, first, last, application, initiator, responder, packets::DOUBLE, bytes::DOUBLE FROM flows
         WHERE explained LIKE 'grants/%' AND first IS NOT NULL ORDER BY first`,
        [],
        MOST_USES,
      ),
    );
    return rows.map(([by, first, last, application, from, to, packets, bytes]) => ({
      by: String(by),
      span: {
        from: rfc3339(String(first)),
        to: rfc3339(String(last)),
        label: `${typeof application === "string" ? application : "management"}: ${String(from)} > ${String(to)}`,
        packets: Number(packets),
        bytes: Number(bytes),
      },
    }));
  } catch {
    return [];
  }
}

/** A bar says when and under whom, never whom it is about. */
function barOf(w: Warrant, first: string | null, last: string | null): NonNullable<Register["warrants"]>[number] {
  const from = toRfc3339(w.from);
  const to = toRfc3339(w.to);
  const state =
    first === null || last === null
      ? "not known"
      : to < first
        ? "over before the captures"
        : from > last
          ? "after the captures"
          : "in force";
  return { id: w.id, authority: w.authority, scope: w.scope, receiver: w.receiver, period: { from, to }, state, sealed: false };
}

/** Entries that an authority committed to beforehand, from the case's log. */
function sealedEntries(of: OpenCase): Register["sealed"] {
  try {
    const log = of.records.reading();
    if (log === undefined) return [];
    return [...log.records()]
      .filter((e) => e.type.startsWith("sealed") || e.type === "seal")
      .slice(-500)
      .map((e) => ({
        at: typeof e.value["at"] === "string" ? e.value["at"] : null,
        by: typeof e.value["by"] === "string" ? [e.value["by"]] : typeof e.value["authority"] === "string" ? [e.value["authority"]] : [],
        what: e.type,
        hash: e.record,
      }));
  } catch {
    return [];
  }
}
