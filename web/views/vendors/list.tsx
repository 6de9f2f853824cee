import { scrollable } from "#web/ui/scrollable.ts";
import { useEffect, useState } from "react";
import type { Condition, Vendor, VendorList } from "#serve/api/types.ts";
import { get, useApi } from "#web/app/api.ts";
import { useLanguage, useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import { GradeMark, OutcomeMark, type Outcome } from "#web/ui/marks.tsx";
import { Absent, Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { vendors as words_ } from "#web/words/vendors.ts";

const GRADES = ["proven", "corroborated", "indication"] as const;
/** Suppliers set side by side. */
const COMPARED = 8;

export const OUTCOME: Readonly<Record<Condition["status"], Outcome>> = { held: "good", broken: "bad", "not-observable": "unknown" };

export function VendorTable({ caseId }: { readonly caseId: string }) {
  const words = useWords(words_);
  const loaded = useApi<VendorList>(`/cases/${encodeURIComponent(caseId)}/vendors`);
  return (
    <Page title={words.title} lede={words.lede}>
      <Ready loaded={loaded}>
        {(data) =>
          data.vendors.length === 0 ? (
            <Absent>{words.none}</Absent>
          ) : (
            <>
              <Summary data={data} caseId={caseId} />
              <Comparison data={data} caseId={caseId} />
            </>
          )
        }
      </Ready>
    </Page>
  );
}

function Summary({ data, caseId }: { readonly data: VendorList; readonly caseId: string }) {
  const words = useWords(words_);
  const shared = useShared();
  const q = useQuantities();
  const undeclared = data.undeclared.proven + data.undeclared.corroborated + data.undeclared.indication;
  return (
    <>
      <div className="scroll-x" ref={scrollable}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.vendor}</th>
              <th scope="col">{words.country}</th>
              <th scope="col">{words.networks}</th>
              <th scope="col" className="num">
                {words.functions}
              </th>
              <th scope="col" className="num">
                <OutcomeMark outcome="bad" /> <Term name="broken">{words.broken}</Term>
              </th>
              <th scope="col" className="num">
                <OutcomeMark outcome="good" /> <Term name="held">{words.held}</Term>
              </th>
              <th scope="col" className="num">
                <OutcomeMark outcome="unknown" /> <Term name="notObservable">{words.notObservable}</Term>
              </th>
              {GRADES.map((g) => (
                <th scope="col" className="num" key={g}>
                  <GradeMark grade={g} /> {shared.grades[g]}
                </th>
              ))}
              <th scope="col" className="num">
                {words.volume}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.vendors.map((v) => (
              <tr key={v.id}>
                <th scope="row">
                  <Link href={address([caseId, "vendors", v.id])}>{v.name}</Link>
                </th>
                <td>{v.country === null ? <span className="quiet">–</span> : q.country(v.country)}</td>
                <td>{v.networks.join(", ")}</td>
                <td className="num">{q.count(v.functions)}</td>
                <td className={v.conditions.broken > 0 ? "num vermilion" : "num quiet"}>{q.count(v.conditions.broken)}</td>
                <td className="num">{q.count(v.conditions.held)}</td>
                <td className="num">{q.count(v.conditions.notObservable)}</td>
                {GRADES.map((g) => (
                  <td className="num" key={g}>
                    {v.findings[g] === 0 ? (
                      <span className="quiet">–</span>
                    ) : (
                      <Link href={address([caseId, "findings"], { vendor: v.id, grade: g })}>{q.count(v.findings[g])}</Link>
                    )}
                  </td>
                ))}
                <td className="num nowrap">{v.bytes === 0 ? <span className="quiet">–</span> : q.bytes(v.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {undeclared > 0 && <p className="figure-note">{words.undeclared(q.count(undeclared))}</p>}
    </>
  );
}

/** Of several networks each has its condition: `id (network)`. */
export function plainId(id: string): string {
  return id.replace(/ \(.*\)$/s, "");
}

export function networkOf(id: string): string | null {
  return /^[^ ]+ \((.*)\)$/s.exec(id)?.[1] ?? null;
}

const ORDER = ["broken", "held", "not-observable"] as const;

/** One outcome in words; those of several networks as marks with their number. */
function Tally({ conditions }: { readonly conditions: readonly Condition[] }) {
  const words = useWords(words_);
  const q = useQuantities();
  const counts = ORDER.map((status) => ({ status, count: conditions.filter((c) => c.status === status).length })).filter(
    (c) => c.count > 0,
  );
  return (
    <span className="tally">
      {counts.map(({ status, count }) => (
        <span key={status} className={status === "not-observable" ? "marked quiet" : "marked"}>
          <OutcomeMark outcome={OUTCOME[status]} />
          {conditions.length === 1 ? (
            words.statuses[status]
          ) : (
            <>
              {q.count(count)}
              <span className="visually-hidden">{words.statuses[status]}</span>
            </>
          )}
        </span>
      ))}
    </span>
  );
}

/** Every condition against every supplier: the same rows for all. */
function Comparison({ data, caseId }: { readonly data: VendorList; readonly caseId: string }) {
  const words = useWords(words_);
  const { language } = useLanguage();
  const compared = data.vendors.slice(0, COMPARED);
  const ids = compared.map((v) => v.id).join("\n");
  const [dossiers, setDossiers] = useState<readonly Vendor[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    Promise.all(
      ids
        .split("\n")
        .map((id) => get<Vendor>(`/cases/${encodeURIComponent(caseId)}/vendors/${encodeURIComponent(id)}?lang=${language}`, stop.signal)),
    ).then(setDossiers, () => setDossiers([]));
    return () => stop.abort();
  }, [ids, caseId, language]);
  if (compared.length < 2)
    return (
      <Section title={words.compare}>
        <Absent>{words.compareOne}</Absent>
      </Section>
    );
  const conditions = new Map<string, string>();
  for (const d of dossiers) for (const c of d.conditions) conditions.set(plainId(c.id), c.statement);
  return (
    <Section title={words.compare} note={words.compareFew}>
      <p className="small quiet tally">
        {ORDER.map((status) => (
          <span key={status} className="marked">
            <OutcomeMark outcome={OUTCOME[status]} />
            {words.statuses[status]}
          </span>
        ))}
        <span>– {words.notConcerned}</span>
      </p>
      <div className="scroll-x" ref={scrollable}>
        <table className="table compare">
          <thead>
            <tr>
              <th scope="col">{words.condition}</th>
              {compared.map((v) => (
                <th scope="col" key={v.id}>
                  <Link href={address([caseId, "vendors", v.id])}>{v.name}</Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...conditions].map(([id, statement]) => (
              <tr key={id}>
                <th scope="row">{statement}</th>
                {compared.map((v) => {
                  const found = dossiers.find((d) => d.vendor.id === v.id)?.conditions.filter((c) => plainId(c.id) === id) ?? [];
                  return (
                    <td key={v.id} title={found.map((c) => c.because).join("\n")}>
                      {found.length === 0 ? <span className="quiet">–</span> : <Tally conditions={found} />}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
