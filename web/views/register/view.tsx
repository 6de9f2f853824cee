/** Permissions against observations, on one time axis; gaps in both directions. For the role `li-cleared`. */
import type { Register } from "#serve/api/types.ts";
import { ApiError, useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address, useQuery } from "#web/app/router.ts";
import { useSession } from "#web/app/session.tsx";
import type { ViewProps } from "#web/app/views.ts";
import { GradeLabel } from "#web/ui/marks.tsx";
import { OptionText } from "#web/ui/option-text.tsx";
import { Absent, Page, Ready, Section } from "#web/ui/page.tsx";
import { useSome } from "#web/ui/some.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Said } from "#web/ui/said.tsx";
import { register as words_ } from "#web/words/register.ts";
import { Axis } from "./axis.tsx";
import "./register.css";
import { Table } from "#web/ui/table.tsx";

export default function View({ caseId }: ViewProps) {
  const words = useWords(words_);
  const { session } = useSession();
  const cleared = session.rights.includes("li-cleared");
  const loaded = useApi<Register>(cleared ? `/cases/${encodeURIComponent(caseId)}/register` : null);
  if (!cleared || (loaded.error instanceof ApiError && loaded.error.code === "li-cleared-needed"))
    return (
      <Page title={words.title} lede={words.lede}>
        <Absent>
          <OptionText>{words.notCleared}</OptionText>
        </Absent>
      </Page>
    );
  return (
    <Page title={words.title} lede={words.lede}>
      <Ready loaded={loaded}>{(data) => <Loaded data={data} caseId={caseId} />}</Ready>
    </Page>
  );
}

function Loaded({ data, caseId }: { readonly data: Register; readonly caseId: string }) {
  const words = useWords(words_);
  const q = useQuantities();
  const [query, setQuery] = useQuery();
  const whole = query.get("axis") === "whole";
  const { some, more } = useSome(data.uncovered);
  return (
    <>
      <section aria-label={words.axis} className="register-axis">
        <div className="tabs" role="group" aria-label={words.axis}>
          <button type="button" aria-current={!whole} onClick={() => setQuery({ axis: null }, true)}>
            {words.axisCaptures}
          </button>
          <button type="button" aria-current={whole} onClick={() => setQuery({ axis: "whole" }, true)}>
            {words.axisWhole}
          </button>
        </div>
        <Axis data={data} whole={whole} />
      </section>
      <Section title={words.uncovered} note={words.uncoveredNote}>
        {data.uncovered.length === 0 ? (
          <p>{words.allCovered}</p>
        ) : (
          <>
            <Table columns={[words.finding, words.element, words.party, words.period]}>
              {some.map((u) => (
                <tr key={u.finding}>
                  <td className="sentence">
                    <GradeLabel grade={u.grade} />{" "}
                    <Link href={address([caseId, "findings", u.finding])}>
                      <Said code={u.summaryCode} values={u.values}>
                        {u.summary}
                      </Said>
                    </Link>
                  </td>
                  <td className="nowrap">{u.element ?? "–"}</td>
                  <td className="mono">{u.party ?? "–"}</td>
                  <td className="nowrap">{q.period(u.from, u.to)}</td>
                </tr>
              ))}
            </Table>
            {more}
            {data.uncoveredTotal > data.uncovered.length && (
              <p className="figure-note">{words.uncoveredMore(q.count(data.uncoveredTotal - data.uncovered.length))}</p>
            )}
          </>
        )}
      </Section>
      <Grants data={data} />
      <Section title={words.unused} note={words.unusedNote}>
        {data.unused.length === 0 ? (
          <p>{data.grants.length === 0 ? words.noGrants : words.allUsed}</p>
        ) : (
          <ul>
            {data.unused.map((u, i) => (
              <li key={i}>
                {u.party}: {u.functions.join(", ")}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Warrants data={data} />
      <Section title={words.sealed}>
        {data.sealed.length === 0 ? (
          <Absent>{words.noSealed}</Absent>
        ) : (
          <Table columns={[words.what, words.by, words.at, words.hash]}>
            {data.sealed.map((s, i) => (
              <tr key={i}>
                <th scope="row">{s.what}</th>
                <td>{s.by.join(", ") || "–"}</td>
                <td className="nowrap">{s.at === null ? "–" : q.time(s.at)}</td>
                <td className="mono">{s.hash?.slice(0, 16) ?? "–"}</td>
              </tr>
            ))}
          </Table>
        )}
      </Section>
    </>
  );
}

function Grants({ data }: { readonly data: Register }) {
  const words = useWords(words_);
  const q = useQuantities();
  return (
    <Section title={words.grants} note={words.grantsNote}>
      {data.grants.length === 0 ? (
        <Absent>{words.noGrants}</Absent>
      ) : (
        <Table columns={[words.party, words.functions, words.protocols, words.ticket, words.period, words.uses]}>
          {data.grants.map((g, i) => (
            <tr key={i}>
              <th scope="row">{g.party}</th>
              <td>{g.functions.join(", ")}</td>
              <td>{g.protocols.join(", ")}</td>
              <td className="mono nowrap">{g.ticket ?? "–"}</td>
              <td className="nowrap">{q.period(g.period.from, g.period.to)}</td>
              <td className="register-seen">
                {g.used.length === 0 ? (
                  <span className="quiet">–</span>
                ) : (
                  <ul className="plain-list">
                    {g.used.slice(0, 20).map((u, k) => (
                      <li key={k}>
                        <span className="mono">{u.label}</span> <span className="quiet">{q.period(u.from, u.to)}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Warrants({ data }: { readonly data: Register }) {
  const words = useWords(words_);
  const q = useQuantities();
  return (
    <Section title={words.warrants} note={words.covered(q.count(data.coveredInterceptions ?? 0))}>
      {data.warrants === null ? (
        <Absent>
          <OptionText>{words.notGiven}</OptionText>
        </Absent>
      ) : data.warrants.length === 0 ? (
        <p>{words.noWarrants}</p>
      ) : (
        <Table columns={[words.id, words.authority, words.scope, words.receiver, words.period, words.state]}>
          {data.warrants.map((w) => (
            <tr key={w.id}>
              <th scope="row">{w.id}</th>
              <td>{w.authority ?? "–"}</td>
              <td>{w.scope}</td>
              <td className="mono">{w.receiver ?? "–"}</td>
              <td className="nowrap">{q.period(w.period.from, w.period.to)}</td>
              <td>{words.states[w.state] ?? w.state}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
