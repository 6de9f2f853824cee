import { scrollable } from "#web/ui/scrollable.ts";
import type { Condition, Vendor } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useKeys } from "#web/app/keyboard.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address, navigate } from "#web/app/router.ts";
import { GradeMark, OutcomeMark } from "#web/ui/marks.tsx";
import { Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { vendors as words_ } from "#web/words/vendors.ts";
import { networkOf, OUTCOME, plainId } from "./list.tsx";
import { Said } from "#web/ui/said.tsx";
import { Table } from "#web/ui/table.tsx";

const RANK = { broken: 0, "not-observable": 1, held: 2 } as const;
const TERM = { broken: "broken", "not-observable": "notObservable", held: "held" } as const;

export function Dossier({ caseId, vendor }: { readonly caseId: string; readonly vendor: string }) {
  const { language } = useLanguage();
  const loaded = useApi<Vendor>(`/cases/${encodeURIComponent(caseId)}/vendors/${encodeURIComponent(vendor)}?lang=${language}`);
  const list = address([caseId, "vendors"]);
  useKeys({ Escape: () => navigate(list) });
  return <Ready loaded={loaded}>{(data) => <Shown data={data} caseId={caseId} list={list} />}</Ready>;
}

function Shown({ data, caseId, list }: { readonly data: Vendor; readonly caseId: string; readonly list: string }) {
  const words = useWords(words_);
  const q = useQuantities();
  const { vendor } = data;
  return (
    <Page
      title={vendor.name}
      lede={words.sentence}
      aside={
        <p className="small quiet">
          <Link href={list}>{words.all}</Link>
          {vendor.country !== null && ` · ${q.country(vendor.country)}`}
          {vendor.networks.length > 0 && ` · ${vendor.networks.join(", ")}`}
        </p>
      }
    >
      <Section
        title={words.conditions}
        note={
          <>
            {q.count(vendor.conditions.broken)} <Term name="broken">{words.counted("broken", vendor.conditions.broken)}</Term> ·{" "}
            {q.count(vendor.conditions.held)} <Term name="held">{words.counted("held", vendor.conditions.held)}</Term> ·{" "}
            {q.count(vendor.conditions.notObservable)}{" "}
            <Term name="notObservable">{words.counted("not-observable", vendor.conditions.notObservable)}</Term>
          </>
        }
      >
        <Table kind="conditions" columns={[words.condition, words.outcome, words.because]}>
          {[...Map.groupBy(data.conditions, (c) => plainId(c.id)).values()].toSorted(byWorst).map((same) => (
            <ConditionRows key={same[0]?.id} conditions={same} vendor={vendor.id} caseId={caseId} />
          ))}
        </Table>
        <p className="figure-note">{words.draft}</p>
      </Section>
      <Section title={words.elements}>
        <div className="scroll-x" ref={scrollable}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.element}</th>
                {vendor.cases.length > 1 && <th scope="col">{words.case}</th>}
                <th scope="col">{words.roles}</th>
                <th scope="col">{words.site}</th>
                <th scope="col">{words.observed}</th>
                <th scope="col" className="num">
                  {words.findings}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.elements.map((e) => {
                const count = e.findings.proven + e.findings.corroborated + e.findings.indication;
                return (
                  <tr key={`${e.case}/${e.id}`}>
                    <th scope="row">
                      <Link href={address([e.case, "overview"], { node: e.id })}>{e.id}</Link>
                    </th>
                    {vendor.cases.length > 1 && <td className="quiet">{e.case}</td>}
                    <td>{e.roles.join(", ")}</td>
                    <td>{e.site ?? <span className="quiet">–</span>}</td>
                    <td>
                      {e.observed ? (
                        words.yes
                      ) : (
                        <span className="marked quiet">
                          <OutcomeMark outcome="unknown" />
                          {words.no}
                        </span>
                      )}
                    </td>
                    <td className="num">
                      {count === 0 ? (
                        <span className="quiet">–</span>
                      ) : (
                        <Link href={address([e.case, "findings"], { element: e.id })}>{q.count(count)}</Link>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Section>
    </Page>
  );
}

function byWorst(a: readonly Condition[], b: readonly Condition[]): number {
  const worst = (list: readonly Condition[]) => Math.min(...list.map((c) => RANK[c.status]));
  return worst(a) - worst(b);
}

/** A condition in every network of the vendor; outcomes with the same reason are told once. */
function ConditionRows({
  conditions,
  vendor,
  caseId,
}: {
  readonly conditions: readonly Condition[];
  readonly vendor: string;
  readonly caseId: string;
}) {
  const groups = [...Map.groupBy(conditions, (c) => `${c.status}\n${c.findings.length > 0 ? c.id : c.because}`).values()].toSorted(byWorst);
  return groups.map((same, i) => {
    const c = same[0] as Condition;
    const networks = same.map((one) => networkOf(one.id)).filter((n) => n !== null);
    return (
      <tr key={c.id} className={i > 0 ? "same-condition" : undefined}>
        {i === 0 && (
          <th scope="rowgroup" rowSpan={groups.length}>
            {c.statement}
          </th>
        )}
        <td className="nowrap">
          <Outcome condition={c} />
        </td>
        <td>
          {networks.length > 0 && <span className="condition-network">{networks.join(", ")}</span>}
          <span className="quiet">{c.because}</span>
          {c.findings.length > 0 && <Named condition={c} vendor={vendor} caseId={caseId} />}
        </td>
      </tr>
    );
  });
}

function Outcome({ condition }: { readonly condition: Condition }) {
  const words = useWords(words_);
  return (
    <span className={condition.status === "not-observable" ? "marked quiet" : "marked"}>
      <OutcomeMark outcome={OUTCOME[condition.status]} />
      <Term name={TERM[condition.status]}>{words.statuses[condition.status]}</Term>
    </span>
  );
}

/** Findings named with a condition; the queue has the rest. */
const NAMED = 5;

function Named({ condition, vendor, caseId }: { readonly condition: Condition; readonly vendor: string; readonly caseId: string }) {
  const q = useQuantities();
  return (
    <ul className="condition-findings">
      {condition.findings.slice(0, NAMED).map((f) => (
        <li key={f.id}>
          <span className="vermilion">
            <GradeMark grade={f.grade} />
          </span>{" "}
          <Link href={address([f.case, "findings", f.id])}>
            <Said code={f.summaryCode} values={f.values}>
              {f.summary}
            </Said>
          </Link>
        </li>
      ))}
      {condition.findings.length > NAMED && (
        <li>
          <Link href={address([caseId, "findings"], { vendor, claim: condition.claim })}>
            + {q.count(condition.findings.length - NAMED)}
          </Link>
        </li>
      )}
    </ul>
  );
}
