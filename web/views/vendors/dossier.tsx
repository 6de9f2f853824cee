import type { Vendor } from "#serve/api/types.ts";
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
import { networkOf, OUTCOME } from "./list.tsx";

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
      lede={data.sentence}
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
            {q.count(vendor.conditions.broken)} <Term name="broken">{words.broken.toLowerCase()}</Term> · {q.count(vendor.conditions.held)}{" "}
            <Term name="held">{words.held.toLowerCase()}</Term> · {q.count(vendor.conditions.notObservable)}{" "}
            <Term name="notObservable">{words.notObservable.toLowerCase()}</Term>
          </>
        }
      >
        <div className="scroll-x">
          <table className="table conditions">
            <thead>
              <tr>
                <th scope="col" aria-label={words.statuses.held} />
                <th scope="col">{words.condition}</th>
                <th scope="col">{words.because}</th>
              </tr>
            </thead>
            <tbody>
              {data.conditions
                .toSorted((a, b) => RANK[a.status] - RANK[b.status])
                .map((c) => (
                  <tr key={c.id}>
                    <td className="nowrap">
                      <span className={c.status === "not-observable" ? "marked quiet" : "marked"}>
                        <OutcomeMark outcome={OUTCOME[c.status]} />
                        <Term name={TERM[c.status]}>{words.statuses[c.status]}</Term>
                      </span>
                    </td>
                    <th scope="row">
                      {c.statement}
                      {networkOf(c.id) !== null && <span className="quiet small condition-network">{networkOf(c.id)}</span>}
                    </th>
                    <td>
                      {c.because}
                      {c.findings.length > 0 && (
                        <ul className="condition-findings">
                          {c.findings.slice(0, 5).map((f) => (
                            <li key={f.id}>
                              <span className="vermilion">
                                <GradeMark grade={f.grade} />
                              </span>{" "}
                              <Link href={address([f.case, "findings", f.id])}>{f.summary}</Link>
                            </li>
                          ))}
                          {c.findings.length > 5 && (
                            <li>
                              <Link href={address([caseId, "findings"], { vendor: vendor.id, claim: c.claim })}>
                                + {q.count(c.findings.length - 5)}
                              </Link>
                            </li>
                          )}
                        </ul>
                      )}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
        <p className="figure-note">{words.draft}</p>
      </Section>
      <Section title={words.elements}>
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.element}</th>
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
