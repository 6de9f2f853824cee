/** Overview, evidence, captures and register over every open case: what they have in common, not one view of each. */
import type { ReactNode } from "react";
import type { CaseSummary, Evidence, FindingPage, Register } from "#serve/api/types.ts";
import { GradeLabel } from "#web/ui/marks.tsx";
import { Absent, Facts, Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Said } from "#web/ui/said.tsx";
import { Table } from "#web/ui/table.tsx";
import { DropCase } from "#web/views/upload/drop-case.tsx";
import { NewCaseForm } from "#web/views/upload/new-case.tsx";
import { shell } from "#web/words/shell.ts";
import { useApi } from "./api.ts";
import { ALL, CaseLinks } from "./cases.tsx";
import { useShared, useWords } from "./language.tsx";
import { Link } from "./link.tsx";
import { address } from "./router.ts";
import { useSession } from "./session.tsx";
import type { ViewId } from "./views.ts";

interface Of {
  readonly cases: readonly CaseSummary[];
}

/** Findings told over all cases; the queue has the rest. */
const TOLD = 8;
/** Cases whose log or register is asked for at once; further ones are opened one by one. */
const ASKED = 50;
const GRADES = ["proven", "corroborated", "indication"] as const;

function sum(cases: readonly CaseSummary[], of: (c: CaseSummary) => number): number {
  return cases.reduce((total, c) => total + of(c), 0);
}

function AllOverview({ cases }: Of) {
  const words = useWords(shell);
  const q = useQuantities();
  const shared = useShared();
  const strongest = useApi<FindingPage>(`/cases/${ALL}/findings?limit=${TOLD}`);
  const withheld = sum(cases, (c) => c.withheld);
  const tally = q.counted(shared.report.lead.tally(...(GRADES.map((g) => sum(cases, (c) => c.grades[g])) as [number, number, number])));
  const networks = new Set(cases.flatMap((c) => (c.network === null ? [] : [c.network])));
  return (
    <Page
      title={words.allCases}
      lede={`${tally === "" ? words.allNothing : `${tally}.`}${withheld > 0 ? ` ${words.allWithheld(q.count(withheld))}` : ""}`}
    >
      <Facts
        items={[
          [words.cases, q.count(cases.length)],
          [words.networks, q.count(networks.size)],
          [words.packets, q.count(sum(cases, (c) => c.packets))],
          [words.views.upload, q.count(sum(cases, (c) => c.captures))],
          [words.unreviewedCases, cases.some((c) => c.unreviewed) ? q.count(cases.filter((c) => c.unreviewed).length) : null],
        ]}
      />
      <Section title={words.strongest} note={<Link href={address([ALL, "findings"])}>{words.views.findings}</Link>}>
        <Ready loaded={strongest}>
          {(page) =>
            page.items.length === 0 ? (
              <Absent>{page.withheld > 0 ? words.allWithheld(q.count(page.withheld)) : words.allNothing}</Absent>
            ) : (
              <Table columns={[words.grade, words.finding, words.caseLabel, words.network]}>
                {page.items.map((f) => (
                  <tr key={`${f.case}/${f.id}`}>
                    <td className={f.grade === "proven" ? "vermilion nowrap" : "nowrap"}>
                      <GradeLabel grade={f.grade} />
                    </td>
                    <td>
                      <Link href={address([f.case, "findings", f.id])}>
                        <Said code={f.summaryCode} values={f.values}>
                          {f.summary}
                        </Said>
                      </Link>
                    </td>
                    <td>{cases.find((c) => c.id === f.case)?.name ?? f.case}</td>
                    <td>{f.network ?? "–"}</td>
                  </tr>
                ))}
              </Table>
            )
          }
        </Ready>
      </Section>
      <Section title={words.cases}>
        <CaseLinks cases={cases} view="overview" />
      </Section>
    </Page>
  );
}

function AllEvidence({ cases }: Of) {
  const words = useWords(shell);
  return (
    <Page title={`${words.allCases} · ${words.views.evidence}`} lede={words.allEvidence}>
      <Table columns={[words.caseLabel, { num: words.entries }, words.head, words.cosigned, words.bundle]}>
        {cases.slice(0, ASKED).map((c) => (
          <EvidenceRow key={c.id} of={c} />
        ))}
      </Table>
      <Rest cases={cases} view="evidence" />
    </Page>
  );
}

function EvidenceRow({ of }: { readonly of: CaseSummary }) {
  const words = useWords(shell);
  const q = useQuantities();
  const { data, error } = useApi<Evidence>(`/cases/${encodeURIComponent(of.id)}/evidence`);
  return (
    <tr>
      <th scope="row">
        <Link href={address([of.id, "evidence"])}>{of.name}</Link>
      </th>
      <td className="num">{data === undefined ? "…" : q.count(data.log.size)}</td>
      <td className="mono">{data?.log.root?.slice(0, 16) ?? (error === undefined ? "–" : error.message)}</td>
      <td>
        {data === undefined
          ? "…"
          : words.witnessesOf(q.count(data.witnesses.filter((w) => w.state === "cosigned").length), q.count(data.witnesses.length))}
      </td>
      <td>{data === undefined || data.bundle === null ? <span className="quiet">–</span> : q.time(data.bundle.made)}</td>
    </tr>
  );
}

function AllCaptures({ cases }: Of) {
  const words = useWords(shell);
  const q = useQuantities();
  const { session } = useSession();
  return (
    <Page title={`${words.allCases} · ${words.views.upload}`} lede={words.allCaptures}>
      <Table
        columns={[
          words.caseLabel,
          words.network,
          { num: words.views.upload },
          { num: words.packets },
          { num: words.volume },
          words.watched,
        ]}
      >
        {cases.map((c) => (
          <tr key={c.id}>
            <th scope="row">
              <Link href={address([c.id, "upload"])}>{c.name}</Link>
            </th>
            <td>{c.network ?? "–"}</td>
            <td className="num">{q.count(c.captures)}</td>
            <td className="num">{q.count(c.packets)}</td>
            <td className="num">{q.bytes(c.bytes)}</td>
            <td className="nowrap">{c.empty ? words.empty : q.period(c.first, c.last)}</td>
          </tr>
        ))}
      </Table>
      {session.rights.includes("scan") && session.features.upload && <DropCase />}
      {session.rights.includes("scan") && <NewCaseForm />}
    </Page>
  );
}

function AllRegister({ cases }: Of) {
  const words = useWords(shell);
  const { session } = useSession();
  if (!session.rights.includes("li-cleared"))
    return (
      <Page title={`${words.allCases} · ${words.views.register}`}>
        <Absent>{words.registerClosed}</Absent>
      </Page>
    );
  return (
    <Page title={`${words.allCases} · ${words.views.register}`} lede={words.allRegister}>
      <Table columns={[words.caseLabel, { num: words.grants }, { num: words.covered }, { num: words.uncovered }]}>
        {cases.slice(0, ASKED).map((c) => (
          <RegisterRow key={c.id} of={c} />
        ))}
      </Table>
      <Rest cases={cases} view="register" />
    </Page>
  );
}

function RegisterRow({ of }: { readonly of: CaseSummary }) {
  const q = useQuantities();
  const { data } = useApi<Register>(`/cases/${encodeURIComponent(of.id)}/register`);
  const told = (n: number | null | undefined): string => (data === undefined ? "…" : n === null || n === undefined ? "–" : q.count(n));
  return (
    <tr>
      <th scope="row">
        <Link href={address([of.id, "register"])}>{of.name}</Link>
      </th>
      <td className="num">{told(data?.grants.length)}</td>
      <td className="num">{told(data?.coveredInterceptions)}</td>
      <td className={(data?.uncoveredTotal ?? 0) > 0 ? "num vermilion" : "num"}>{told(data?.uncoveredTotal)}</td>
    </tr>
  );
}

function Rest({ cases, view }: Of & { readonly view: string }) {
  return cases.length > ASKED ? <CaseLinks cases={cases.slice(ASKED)} view={view} /> : null;
}

/** Views over all cases; of the others one case must be chosen. */
export const ALL_CASES: Partial<Record<ViewId, (props: Of) => ReactNode>> = {
  overview: AllOverview,
  evidence: AllEvidence,
  upload: AllCaptures,
  register: AllRegister,
};
