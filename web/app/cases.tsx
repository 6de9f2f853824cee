import { useId } from "react";
import type { CaseSummary } from "#serve/api/types.ts";
import { GradeMark } from "#web/ui/marks.tsx";
import { OptionText } from "#web/ui/option-text.tsx";
import { Absent, Page } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { scrollable } from "#web/ui/scrollable.ts";
import { DropCase } from "#web/views/upload/drop-case.tsx";
import { NewCaseForm } from "#web/views/upload/new-case.tsx";
import { shell } from "#web/words/shell.ts";
import { useShared, useWords } from "./language.tsx";
import { useSession } from "./session.tsx";
import { Link } from "./link.tsx";
import { address, navigate } from "./router.ts";

/** Joins every open case where a view allows it. */
export const ALL = "all";

export function CaseChooser({
  cases,
  caseId,
  view,
}: {
  readonly cases: readonly CaseSummary[];
  readonly caseId: string;
  readonly view: string;
}) {
  const words = useWords(shell);
  const id = useId();
  const one = cases.find((c) => c.id === caseId);
  if (cases.length < 2)
    return (
      <div className="case-name">
        <span className="small quiet">{words.caseLabel}</span>
        <strong>{one?.name ?? caseId}</strong>
        {one?.network !== null && one?.network !== undefined && one.network !== one.name && (
          <span className="quiet small">{one.network}</span>
        )}
      </div>
    );
  return (
    <div className="case-name">
      <label className="small quiet" htmlFor={id}>
        {words.caseLabel}
      </label>
      <select id={id} className="box" value={caseId} onChange={(event) => navigate(address([event.target.value, view]))}>
        {cases.map((c) => (
          <option key={c.id} value={c.id}>
            {c.name}
          </option>
        ))}
        <option value={ALL}>{words.allCases}</option>
      </select>
      {one?.network !== null && one?.network !== undefined && <span className="quiet small">{one.network}</span>}
    </div>
  );
}

/** The first page where several cases are open. */
export function Cases({ cases }: { readonly cases: readonly CaseSummary[] }) {
  const q = useQuantities();
  const words = useWords(shell);
  const { session } = useSession();
  if (cases.length === 0)
    return (
      <Page title={words.cases}>
        <Absent>
          <OptionText>{words.noCase}</OptionText>
        </Absent>
        {session.rights.includes("scan") && session.features.upload && <DropCase />}
        {session.rights.includes("scan") && <NewCaseForm />}
      </Page>
    );
  return (
    <Page title={words.cases} lede={words.casesLede}>
      <CaseLinks cases={cases} view="overview" />
      {cases.length > 1 && (
        <p className="row">
          {(["overview", "findings", "exposure", "vendors"] as const).map((view) => (
            <Link key={view} className="button" href={address([ALL, view])}>
              {words.allCases}
              {q.colon} {words.views[view]}
            </Link>
          ))}
        </p>
      )}
      {session.rights.includes("scan") && session.features.upload && <DropCase />}
      {session.rights.includes("scan") && <NewCaseForm />}
    </Page>
  );
}

export function CaseLinks({ cases, view }: { readonly cases: readonly CaseSummary[]; readonly view: string }) {
  const words = useWords(shell);
  const shared = useShared();
  const q = useQuantities();
  return (
    <div className="scroll-x" ref={scrollable}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.caseLabel}</th>
            <th scope="col">{words.network}</th>
            <th scope="col">{words.watched}</th>
            <th scope="col" className="num">
              {words.packets}
            </th>
            {(["proven", "corroborated", "indication"] as const).map((grade) => (
              <th scope="col" className="num" key={grade}>
                <GradeMark grade={grade} /> {shared.grades[grade]}
              </th>
            ))}
            <th scope="col" className="num">
              {words.withheld}
            </th>
            <th scope="col">{words.basis}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((c) => (
            <tr key={c.id}>
              <th scope="row">
                <Link href={address([c.id, view])}>{c.name}</Link>
              </th>
              <td>
                {c.network ?? "–"}
                {c.country !== null && <span className="quiet"> ({q.country(c.country)})</span>}
              </td>
              <td className="nowrap">{c.empty ? words.empty : q.period(c.first, c.last)}</td>
              <td className="num">{q.count(c.packets)}</td>
              <td className={c.grades.proven === 0 ? "num zero" : "num"}>{q.count(c.grades.proven)}</td>
              <td className={c.grades.corroborated === 0 ? "num zero" : "num"}>{q.count(c.grades.corroborated)}</td>
              <td className={c.grades.indication === 0 ? "num zero" : "num"}>{q.count(c.grades.indication)}</td>
              <td className="num">{c.withheld > 0 ? q.count(c.withheld) : ""}</td>
              <td className={c.basis === null ? "quiet" : undefined}>{c.basis ?? words.noBasis}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
