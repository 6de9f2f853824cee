/** What happened, how sure, on which network, what was watched, what was not seen: in this order. */
import type { FindingPage, Overview } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import type { ViewProps } from "#web/app/views.ts";
import { Exports } from "#web/ui/exports.tsx";
import { GradeMark } from "#web/ui/marks.tsx";
import { Absent, Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { overview } from "#web/words/overview.ts";
import { NetworkSection } from "./network.tsx";
import { NotSeen } from "./not-seen.tsx";
import { SinceLast } from "./since.tsx";
import { Watched } from "./watched.tsx";
import "./overview.css";
import { Said } from "#web/ui/said.tsx";

/** Findings told on the first page; the queue has the rest. */
const TOLD = 5;
const GRADES = ["proven", "corroborated", "indication"] as const;

export default function View({ caseId }: ViewProps) {
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const loaded = useApi<Overview>(`${base}/overview`);
  const first = useApi<FindingPage>(`${base}/findings?limit=${TOLD}`);
  return <Ready loaded={loaded}>{(data) => <Shown data={data} first={first.data} caseId={caseId} />}</Ready>;
}

type Three = [number, number, number];

function Shown({ data, first, caseId }: { readonly data: Overview; readonly first: FindingPage | undefined; readonly caseId: string }) {
  const words = useWords(overview);
  const shared = useShared();
  const q = useQuantities();
  const { exposure } = data;
  const title = data.case.network ?? data.case.name;
  if (data.case.empty)
    return (
      <Page title={title}>
        <Absent>{words.empty}</Absent>
        <p>
          <Link className="button primary" href={address([caseId, "upload"])}>
            {words.toUpload}
          </Link>
        </p>
      </Page>
    );
  const sentence =
    data.case.findings === 0
      ? data.case.withheld > 0
        ? words.nothingOpen
        : words.nothing
      : [
          data.case.grades.proven + data.case.grades.corroborated === 0
            ? words.onlyIndications(q.count(data.case.findings))
            : words.found(
                data.case.findings,
                q.count(data.case.findings),
                q.counted(shared.report.lead.tally(...(GRADES.map((g) => data.case.grades[g]) as Three))),
              ),
          exposure.subscribers > 0 && exposure.receivers > 0
            ? words.left(q.count(exposure.subscribers), exposure.bytes > 0 ? q.bytes(exposure.bytes) : null, q.count(exposure.receivers))
            : "",
        ].join(" ");
  return (
    <Page
      title={title}
      lede={
        <>
          {data.case.unreviewed && `${words.unreviewed} `}
          {sentence} {!data.case.declared && words.noDeclaration} {data.case.withheld > 0 && words.withheld(q.count(data.case.withheld))}
        </>
      }
    >
      {data.case.findings > 0 && (
        <Section
          title={words.findings}
          note={
            data.case.findings > TOLD ? (
              <Link href={address([caseId, "findings"])}>{words.allFindings(q.count(data.case.findings))}</Link>
            ) : undefined
          }
        >
          <div className="found">
            <ol className="told">
              {first?.items.map((f) => (
                <li key={f.id}>
                  <span className={f.grade === "proven" ? "vermilion" : undefined}>
                    <GradeMark grade={f.grade} />
                  </span>
                  <Link href={address([caseId, "findings", f.id])}>
                    <Said code={f.summaryCode} values={f.values}>
                      {f.summary}
                    </Said>
                  </Link>
                </li>
              ))}
            </ol>
            <ByGrade data={data} caseId={caseId} />
          </div>
        </Section>
      )}
      <SinceLast own={data.case} />
      <NetworkSection data={data} caseId={caseId} />
      <Watched data={data} />
      <NotSeen data={data} />
      <Section title={words.take} note={words.takeNote}>
        <Exports caseId={caseId} />
      </Section>
    </Page>
  );
}

function ByGrade({ data, caseId }: { readonly data: Overview; readonly caseId: string }) {
  const words = useWords(overview);
  const shared = useShared();
  const q = useQuantities();
  return (
    <table className="table by-grade">
      <caption className="visually-hidden">{words.byGrade}</caption>
      <thead>
        <tr>
          <th scope="col">{words.claim}</th>
          {GRADES.map((grade) => (
            <th scope="col" className="num" key={grade}>
              <GradeMark grade={grade} /> <Term name={grade}>{shared.grades[grade]}</Term>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.counts.claims.map(({ claim, grades }) => (
          <tr key={claim}>
            <th scope="row">
              <Link href={address([caseId, "findings"], { claim })}>{shared.claims[claim].name}</Link>
            </th>
            {GRADES.map((grade) => (
              <td className="num" key={grade}>
                {grades[grade] === 0 ? (
                  <span className="quiet">–</span>
                ) : (
                  <Link href={address([caseId, "findings"], { claim, grade })}>{q.count(grades[grade])}</Link>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
