/** What is new since another scan of the same network, and what has gone: the case before this one, unless another is chosen. */
import { useId } from "react";
import type { CaseList, CaseSummary, Comparison, FindingRow } from "#serve/api/types.ts";
import type { Grade } from "#model/finding.ts";
import { useApi } from "#web/app/api.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address, useQuery } from "#web/app/router.ts";
import { GradeLabel } from "#web/ui/marks.tsx";
import { Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Said } from "#web/ui/said.tsx";
import { overview } from "#web/words/overview.ts";

/** Findings of each part told at once. */
const TOLD = 5;

/** Nothing where no other case is of this network. */
export function SinceLast({ own }: { readonly own: CaseSummary }) {
  const words = useWords(overview);
  const [query, setQuery] = useQuery();
  const id = useId();
  const { data } = useApi<CaseList>("/cases");
  const others = (data?.cases ?? [])
    .filter((c) => c.id !== own.id && !c.empty && c.network === own.network && own.network !== null)
    .toSorted((a, b) => (b.last ?? "").localeCompare(a.last ?? ""));
  if (others.length === 0) return null;
  const before = others.find((c) => c.id === query.get("before")) ?? others.find((c) => (c.last ?? "") <= (own.last ?? "")) ?? others[0];
  if (before === undefined) return null;
  return (
    <Section
      title={words.since}
      note={
        <span className="row">
          <label htmlFor={id}>{words.sinceWhich}</label>
          <select id={id} className="box since-case" value={before.id} onChange={(event) => setQuery({ before: event.target.value }, true)}>
            {others.map((c) => (
              <option key={c.id} value={c.id}>
                {c.name}
              </option>
            ))}
          </select>
        </span>
      }
    >
      <Held own={own} before={before} />
    </Section>
  );
}

function Held({ own, before }: { readonly own: CaseSummary; readonly before: CaseSummary }) {
  const words = useWords(overview);
  const { report } = useShared();
  const { compare } = report;
  const q = useQuantities();
  const loaded = useApi<Comparison>(`/cases/${encodeURIComponent(own.id)}/comparison?before=${encodeURIComponent(before.id)}`);
  return (
    <>
      <p className="small quiet">
        {before.name}
        {q.colon} {q.period(before.first, before.last)}
      </p>
      <Ready loaded={loaded}>
        {(data) => {
          const moved = data.fresh.total + data.gone.total + data.stronger.total + data.weaker.total;
          const shown = moved + data.same;
          return (
            <>
              {data.otherDeclaration && <p className="prose">{compare.otherDeclaration}</p>}
              <Part
                title={compare.fresh(data.fresh.total)}
                total={data.fresh.total}
                rows={data.fresh.items.map((finding) => ({ finding }))}
              />
              <Part title={compare.gone(data.gone.total)} total={data.gone.total} rows={data.gone.items.map((finding) => ({ finding }))} />
              <Part title={compare.stronger(data.stronger.total)} total={data.stronger.total} rows={data.stronger.items} />
              <Part title={compare.weaker(data.weaker.total)} total={data.weaker.total} rows={data.weaker.items} />
              <p className="prose">
                {/* nothing of what is withheld is told as nothing */}
                {moved === 0 && data.withheld === 0 && `${words.sinceNothing} `}
                {(shown > 0 || data.withheld === 0) && compare.same(data.same)}{" "}
                {data.gone.total > 0 && (data.notWatched.length > 0 ? compare.notWatched(data.notWatched.join(", ")) : compare.goneMeans)}{" "}
                {data.withheld > 0 && report.withheldNote(data.withheld, shown > 0)}
              </p>
            </>
          );
        }}
      </Ready>
    </>
  );
}

interface Row {
  readonly finding: FindingRow;
  /** Its grade before, where that changed. */
  readonly was?: Grade;
}

function Part({ title, total, rows }: { readonly title: string; readonly total: number; readonly rows: readonly Row[] }) {
  const words = useWords(overview);
  const shared = useShared();
  const q = useQuantities();
  if (total === 0) return null;
  const list = (some: readonly Row[]) => (
    <ul className="since-list">
      {some.map(({ finding, was }) => (
        <li key={finding.id}>
          <span className={finding.grade === "proven" ? "vermilion nowrap" : "nowrap"}>
            {was !== undefined && <span className="quiet">{shared.grades[was]} → </span>}
            <GradeLabel grade={finding.grade} />
          </span>{" "}
          <Link href={address([finding.case, "findings", finding.id])}>
            <Said code={finding.summaryCode} values={finding.values}>
              {finding.summary}
            </Said>
          </Link>
        </li>
      ))}
    </ul>
  );
  return (
    <div className="since-part">
      <h3>{title}</h3>
      {list(rows.slice(0, TOLD))}
      {rows.length > TOLD && (
        <details className="more">
          <summary>{words.sinceRest(q.count(rows.length - TOLD))}</summary>
          {list(rows.slice(TOLD))}
        </details>
      )}
      {total > rows.length && <p className="small quiet">{words.sinceMore(q.count(total - rows.length))}</p>}
    </div>
  );
}
