/** Control messages as a ladder: a column for each end, time downwards, an arrow for each message; and the same as a table. */
import { useId } from "react";
import type { MessagePage, ShownMessage } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { address, navigate, useQuery } from "#web/app/router.ts";
import "#web/draw/draw.css";
import { short } from "#web/draw/text.ts";
import { Absent, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Table } from "#web/ui/table.tsx";
import { explorer } from "#web/words/explorer.ts";
import { FindingLink } from "./tables.tsx";

/** Messages of one page. */
const PAGE = 100;
const [MARGIN, LANE, ROW, HEAD] = [190, 190, 30, 52];

export function Messages({ base, caseId }: { readonly base: string; readonly caseId: string }) {
  const words = useWords(explorer);
  const q = useQuantities();
  const [query, setQuery] = useQuery();
  const asked = new URLSearchParams({ limit: String(PAGE) });
  for (const key of ["q", "subscriber", "finding"]) if (query.has(key)) asked.set(key, query.get(key) ?? "");
  const at = query.get("at");
  if (at !== null) asked.set("cursor", at);
  const from = Number(at ?? 0);
  const loaded = useApi<MessagePage>(`${base}/messages?${asked.toString()}`);
  return (
    <Section id="messages" title={words.messages} note={words.messagesNote}>
      <Ready loaded={loaded}>
        {(data) =>
          data.items.length === 0 ? (
            <Absent>{words.noMessages}</Absent>
          ) : (
            <>
              <Ladder data={data} caseId={caseId} />
              <p className="row figure-note">
                {words.shown(q.count(from + 1), q.count(from + data.items.length), q.count(data.total))}
                {from > 0 && (
                  <button type="button" className="button small" onClick={() => setQuery({ at: from > PAGE ? String(from - PAGE) : null })}>
                    {words.earlier}
                  </button>
                )}
                {data.next !== null && (
                  <button type="button" className="button small" onClick={() => setQuery({ at: data.next })}>
                    {words.later}
                  </button>
                )}
              </p>
              <AsTable data={data} caseId={caseId} />
            </>
          )
        }
      </Ready>
    </Section>
  );
}

function Ladder({ data, caseId }: { readonly data: MessagePage; readonly caseId: string }) {
  const words = useWords(explorer);
  const q = useQuantities();
  const title = useId();
  const columns = new Map(data.lifelines.map((l, i) => [l.address, MARGIN + LANE * (i + 0.5)]));
  const width = MARGIN + LANE * data.lifelines.length;
  const height = HEAD + ROW * data.items.length + 10;
  const x = (end: string): number => columns.get(end) ?? MARGIN;
  return (
    <div className="drawing-scroll ladder-scroll" tabIndex={0} role="region" aria-label={words.messages}>
      <svg
        className="drawing ladder"
        viewBox={`0 0 ${width} ${height}`}
        // at its own size: a wide ladder scrolls, its letters do not shrink
        style={{ width, minWidth: width, maxWidth: width }}
        role="img"
        aria-labelledby={title}
      >
        <title id={title}>{words.ladderAlt(q.count(data.items.length), data.lifelines.map((l) => l.name ?? l.address).join(", "))}</title>
        {data.lifelines.map((l) => (
          <g key={l.address}>
            <line className="grid" x1={x(l.address)} x2={x(l.address)} y1={HEAD - 8} y2={height} />
            <rect className="net-box" x={x(l.address) - LANE / 2 + 8} y={4} width={LANE - 16} height={HEAD - 12} />
            <text className={l.name === null ? "mono" : "net-name"} x={x(l.address)} y={l.name === null ? 28 : 21} textAnchor="middle">
              {short(l.name ?? l.address, 26)}
              <title>{l.address}</title>
            </text>
            {l.name !== null && (
              <text className="mono t-quiet" x={x(l.address)} y={35} textAnchor="middle">
                {short(l.address, 26)}
              </text>
            )}
          </g>
        ))}
        {data.items.map((m, i) => (
          <Arrow key={i} message={m} y={HEAD + ROW * i + 20} from={x(m.from)} to={x(m.to)} caseId={caseId} />
        ))}
      </svg>
    </div>
  );
}

function Arrow({
  message: m,
  y,
  from,
  to,
  caseId,
}: {
  readonly message: ShownMessage;
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly caseId: string;
}) {
  const found = m.findings[0];
  const way = Math.sign(to - from);
  const open = found === undefined ? undefined : () => navigate(address([caseId, "findings", found]));
  return (
    <g className={found === undefined ? "ladder-row" : "ladder-row found"} onClick={open}>
      <text className="t-quiet mono" x={0} y={y}>
        {m.at.slice(11, 23)}
      </text>
      <text className="t-quiet mono" x={86} y={y}>
        {m.frame === null ? "–" : `#${m.frame}`}
        <title>{m.file ?? ""}</title>
      </text>
      <line className={m.answers === null ? "ladder-line" : "ladder-line answer"} x1={from} x2={to - way * 6} y1={y} y2={y} />
      <path className="ladder-head" d={`M${to} ${y}l${-way * 9} -4.5v9Z`} />
      <text className={found === undefined ? "halo" : "halo t-vermilion"} x={(from + to) / 2} y={y - 6} textAnchor="middle">
        {short(m.name, 34)}
        <title>{`${m.protocol} ${m.name}`}</title>
      </text>
    </g>
  );
}

function AsTable({ data, caseId }: { readonly data: MessagePage; readonly caseId: string }) {
  const words = useWords(explorer);
  const q = useQuantities();
  const names = new Map(data.lifelines.map((l) => [l.address, l.name ?? l.address]));
  const place = (m: ShownMessage): string => `${m.file ?? ""} #${m.frame ?? "–"}`;
  return (
    <details className="more">
      <summary>{words.asTable}</summary>
      <Table columns={[words.time, words.frame, words.from, words.to, words.protocol, words.message, words.answers, words.findings]}>
        {data.items.map((m, i) => {
          const asked = m.answers === null ? undefined : data.items[m.answers];
          return (
            <tr key={i}>
              <td className="mono nowrap">{m.at.slice(0, 26).replace("T", " ")}</td>
              <td className="mono nowrap" title={m.frame === null ? words.frameHidden : undefined}>
                {place(m)}
              </td>
              <td>{names.get(m.from)}</td>
              <td>{names.get(m.to)}</td>
              <td>{m.protocol}</td>
              <td>
                {m.name}
                {m.faults > 0 && <span className="small quiet"> {words.faults(q.count(m.faults))}</span>}
              </td>
              <td className="mono nowrap">{asked === undefined ? "" : place(asked)}</td>
              <td>
                {m.findings.map((id) => (
                  <FindingLink key={id} caseId={caseId} id={id} />
                ))}
              </td>
            </tr>
          );
        })}
      </Table>
    </details>
  );
}
