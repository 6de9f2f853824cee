/** Whose data, which kind, how much, to whom, where, since when. */
import { Fragment, lazy, Suspense } from "react";
import type { Exposure } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import type { ViewProps } from "#web/app/views.ts";
import { GradeLabel } from "#web/ui/marks.tsx";
import { Absent, Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useSaid } from "#web/ui/said.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { useSome } from "#web/ui/some.tsx";
import { Term } from "#web/ui/term.tsx";
import { exposure as words_ } from "#web/words/exposure.ts";
import { Periods, SinceWhen } from "./since.tsx";
import "./exposure.css";
import { Table } from "#web/ui/table.tsx";

const WorldDrawing = lazy(async () => ({ default: (await import("#web/draw/world.tsx")).WorldDrawing }));

export default function View({ caseId }: ViewProps) {
  const words = useWords(words_);
  const loaded = useApi<Exposure>(`/cases/${encodeURIComponent(caseId)}/exposure`);
  const q = useQuantities();
  return (
    <Ready loaded={loaded}>
      {(data) => (
        <Page
          title={words.title}
          lede={
            data.totals.findings === 0
              ? words.none
              : words.lede(
                  q.count(data.totals.subscribers),
                  data.totals.bytes > 0 ? q.bytes(data.totals.bytes) : null,
                  q.count(data.totals.receivers),
                )
          }
        >
          {data.totals.findings > 0 && (
            <>
              <Where data={data} />
              <Receivers data={data} caseId={caseId} />
              <Section title={words.when} note={data.overTime.basis === "flows" ? words.whenFlows : words.whenSpread}>
                {data.overTime.basis === "flows" ? <SinceWhen overTime={data.overTime} /> : <Periods exposure={data} />}
              </Section>
              <Subscribers data={data} />
              <Networks data={data} caseId={caseId} />
            </>
          )}
        </Page>
      )}
    </Ready>
  );
}

function Where({ data }: { readonly data: Exposure }) {
  const words = useWords(words_);
  const q = useQuantities();
  const unknown = data.receivers.filter((r) => r.country === null);
  const home = data.networks.some((n) => n.country !== null);
  return (
    <Section title={words.where} note={words.mapNote}>
      <div className="where">
        <Suspense fallback={<div className="map-room" />}>
          <WorldDrawing exposure={data} />
        </Suspense>
        <div className="where-side">
          {unknown.length > 0 && (
            <div className="unknown-place">
              <h3>{words.unknown}</h3>
              <p className="small quiet">{words.unknownWhy}</p>
              <ul>
                {unknown.slice(0, 12).map((r) => (
                  <li key={r.key}>
                    <span className="mono vermilion">{r.name ?? r.address ?? r.identity}</span>{" "}
                    <span className="small quiet nowrap">{r.bytes > 0 ? q.bytes(r.bytes) : ""}</span>
                  </li>
                ))}
                {unknown.length > 12 && <li className="quiet">+ {q.count(unknown.length - 12)}</li>}
              </ul>
            </div>
          )}
          {!home && <Absent>{words.networkUnknown}</Absent>}
          {data.countries.some((c) => c.country !== null) && (
            <table className="table">
              <caption className="visually-hidden">{words.countries}</caption>
              <thead>
                <tr>
                  <th scope="col">{words.country}</th>
                  <th scope="col" className="num">
                    {words.receivers}
                  </th>
                  <th scope="col" className="num">
                    {words.volume}
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.countries.map((c) => (
                  <tr key={c.country ?? ""}>
                    <th scope="row">{c.country === null ? words.countryUnknown : q.country(c.country)}</th>
                    <td className="num">{q.count(c.receivers)}</td>
                    <td className="num nowrap">{q.bytes(c.bytes)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      </div>
    </Section>
  );
}

/** Elements named beside a receiver; its findings name all. */
const ELEMENTS = 3;

function Receivers({ data, caseId }: { readonly data: Exposure; readonly caseId: string }) {
  const say = useSaid();
  const words = useWords(words_);
  const shared = useShared();
  const q = useQuantities();
  const { some, more } = useSome(data.receivers);
  return (
    <Section title={words.receivers}>
      <Table
        columns={[
          words.receiver,
          words.grade,
          words.country,
          words.elements,
          words.kind,
          { num: words.subscribers },
          { num: words.volume },
          words.since,
          { num: words.findings },
        ]}
      >
        {some.map((r) => (
          <tr key={r.key}>
            <th scope="row" className={r.declared ? "mono blue" : "mono vermilion"}>
              {r.name ?? r.identity ?? r.address}
              {(r.name !== null || r.identity !== null) && r.address !== null && <span className="quiet"> {r.address}</span>}
            </th>
            <td>
              <GradeLabel grade={r.grade} />
            </td>
            <td className="nowrap" title={say(r.because, r.code, r.values)}>
              {r.country === null ? <span className="quiet">{words.countryUnknown}</span> : q.country(r.country)}
              {r.code === "receiver.by-table" && <span className="quiet small"> {words.byOperator}</span>}
            </td>
            <td>
              {r.elements.slice(0, ELEMENTS).map((name, i) => (
                <Fragment key={name}>
                  {i > 0 && ", "}
                  <span className="nowrap">{name}</span>
                </Fragment>
              ))}
              {r.elements.length > ELEMENTS && <span className="quiet nowrap"> + {q.count(r.elements.length - ELEMENTS)}</span>}
            </td>
            <td>{r.data.map((d) => shared.data[d]).join(", ")}</td>
            <td className="num">{q.count(r.subscribers)}</td>
            <td className="num nowrap">{r.bytes === 0 ? "–" : q.bytes(r.bytes)}</td>
            <td className="nowrap">{q.day(r.first)}</td>
            <td className="num">
              <Link href={address([caseId, "findings"], { receiver: r.key })}>{q.count(r.findings)}</Link>
            </td>
          </tr>
        ))}
      </Table>
      {more}
    </Section>
  );
}

function Subscribers({ data }: { readonly data: Exposure }) {
  const words = useWords(words_);
  const shared = useShared();
  const q = useQuantities();
  const { subscribers } = data;
  const columns = [words.pseudonym, words.kind, words.receivers, words.volume, words.since, words.until];
  return (
    <Section title={<Term name="pseudonym">{words.whose}</Term>} note={words.whoseNote}>
      <div role="table" aria-label={words.whose} aria-rowcount={subscribers.length}>
        <div role="rowgroup">
          <div role="row" className="person head">
            {columns.map((c, i) => (
              <span key={c} role="columnheader" className={i === 2 || i === 3 ? "num" : undefined}>
                {c}
              </span>
            ))}
          </div>
        </div>
        <Rows
          count={subscribers.length}
          rowHeight={34}
          maxHeight={410}
          label={words.whose}
          row={(index) => {
            const s = subscribers[index] as Exposure["subscribers"][number];
            return (
              <div role="row" className="person" aria-rowindex={index + 1}>
                <span role="cell" className="mono">
                  {s.pseudonym}
                </span>
                <span role="cell">{s.data.map((d) => shared.data[d]).join(", ")}</span>
                <span role="cell" className="num">
                  {q.count(s.receivers)}
                </span>
                <span role="cell" className={s.bytes === null ? "num quiet" : "num"}>
                  {s.bytes === null ? words.notSplit : q.bytes(s.bytes)}
                </span>
                <span role="cell">{q.time(s.first)}</span>
                <span role="cell">{q.time(s.last)}</span>
              </div>
            );
          }}
        />
      </div>
      {data.subscribersTotal > subscribers.length && (
        <p className="figure-note">{words.more(q.count(data.subscribersTotal - subscribers.length))}</p>
      )}
    </Section>
  );
}

function Networks({ data, caseId }: { readonly data: Exposure; readonly caseId: string }) {
  const words = useWords(words_);
  const shared = useShared();
  const q = useQuantities();
  if (data.networks.length < 2)
    return (
      <Section title={words.networks}>
        <Absent>{words.oneNetwork}</Absent>
      </Section>
    );
  return (
    <Section title={words.networks}>
      <Table
        columns={[
          words.network,
          words.country,
          words.kind,
          { num: words.subscribers },
          { num: words.volume },
          words.since,
          { num: words.findings },
        ]}
      >
        {data.networks.map((n) => (
          <tr key={`${n.case}/${n.network}`}>
            <th scope="row">
              <Link href={address([n.case, "exposure"])}>{n.network}</Link>
            </th>
            <td>{n.country === null ? <span className="quiet">{words.countryUnknown}</span> : q.country(n.country)}</td>
            <td>{n.data.map((d) => shared.data[d]).join(", ")}</td>
            <td className="num">{q.count(n.subscribers)}</td>
            <td className="num nowrap">{n.bytes === 0 ? <span className="quiet">–</span> : q.bytes(n.bytes)}</td>
            <td className="nowrap">{q.day(n.first)}</td>
            <td className="num">
              <Link href={address([caseId === "all" ? n.case : caseId, "findings"])}>{q.count(n.findings)}</Link>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
