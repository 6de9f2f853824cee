import { useCallback, useMemo } from "react";
import type { Element, ElementPage, NetworkEdge, NetworkNode, Overview } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { usePages } from "#web/app/pages.ts";
import { address, useQuery } from "#web/app/router.ts";
import type { Box } from "#web/draw/box.ts";
import { layOut } from "#web/draw/layout.ts";
import { boxNamed, Network } from "#web/draw/network.tsx";
import { GradeLabel, GradeMark } from "#web/ui/marks.tsx";
import { Absent, Facts, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useMedia } from "#web/ui/media.ts";
import { Rows } from "#web/ui/rows.tsx";
import { overview } from "#web/words/overview.ts";
import { drawings } from "#web/words/drawings.ts";
import { Table } from "#web/ui/table.tsx";

/** Pixels at both sides of the page on a narrow screen. */
const NARROW_EDGES = 32;
/** Pixels below which the drawing is as wide all the same. */
const NARROWEST = 280;

const SHOWN = ["drawing", "lines", "elements"] as const;
type Shown = (typeof SHOWN)[number];

/** The drawing, and two tables that say the same. */
export function NetworkSection({ data, caseId }: { readonly data: Overview; readonly caseId: string }) {
  const words = useWords(overview);
  const [query, setQuery] = useQuery();
  const { nodes, edges } = data.network;
  const asked = query.get("show");
  const shown: Shown = SHOWN.find((s) => s === asked) ?? "drawing";
  const chosen = query.get("node");
  const opened = query.get("open") ?? "";
  const small = useMedia("(max-width: 40rem)");
  const places = query.get("places") !== null;
  // findings first, in two columns, where there is no room for the places of the figures; without a finding there is nothing to put first
  const told = useMemo(() => edges.some((edge) => edge.status === "undeclared"), [edges]);
  const narrow = small && told && !places ? Math.max(NARROWEST, document.documentElement.clientWidth - NARROW_EDGES) : null;
  const drawing = useMemo(
    () => layOut(nodes, edges, { judged: data.case.declared, open: new Set(opened.split(",").map(decodeURIComponent)), narrow }),
    [nodes, edges, data.case.declared, opened, narrow],
  );
  const open = useCallback(
    (group: string) => setQuery({ open: [...opened.split(",").filter((g) => g !== ""), encodeURIComponent(group)].join(",") }),
    [opened, setQuery],
  );
  const box = boxNamed(drawing, chosen);
  const select = useCallback((id: string | null) => setQuery({ node: id }, true), [setQuery]);
  const q = useQuantities();
  return (
    <Section title={words.network} note={words.networkNote}>
      {nodes.length === 0 ? (
        <Absent>{words.noNetwork}</Absent>
      ) : (
        <>
          <div className="tabs" role="group">
            {SHOWN.map((s) => (
              <button key={s} type="button" aria-current={s === shown} onClick={() => setQuery({ show: s === "drawing" ? null : s }, true)}>
                {words[s]}
              </button>
            ))}
            <Legend judged={data.case.declared} />
          </div>
          {shown === "drawing" && (
            <>
              <Network drawing={drawing} selected={chosen} select={select} open={open} />
              {(opened !== "" || (small && told)) && (
                <p className="row">
                  {opened !== "" && (
                    <button type="button" className="button" onClick={() => setQuery({ open: null })}>
                      {words.foldAgain}
                    </button>
                  )}
                  {small && told && (
                    <button type="button" className="button" onClick={() => setQuery({ places: places ? null : "1" }, true)}>
                      {places ? words.findingsFirst : words.inPlaces}
                    </button>
                  )}
                </p>
              )}
              {drawing.boxes.some((b) => b.opens !== null) && <p className="figure-note">{words.folded}</p>}
              {data.network.notDrawn > 0 && <p className="figure-note">{words.notDrawn(q.count(data.network.notDrawn))}</p>}
              {box !== undefined && <Chosen box={box} nodes={nodes} edges={edges} caseId={caseId} />}
            </>
          )}
          {shown === "lines" && <Lines edges={edges} nodes={nodes} caseId={caseId} />}
          {shown === "elements" && <Elements caseId={caseId} />}
        </>
      )}
    </Section>
  );
}

function Legend({ judged }: { readonly judged: boolean }) {
  const words = useWords(overview);
  return (
    <span className="legend small quiet">
      {judged ? (
        <>
          <svg width="26" height="8" aria-hidden="true">
            <line className="net-line declared" x1="0" y1="4" x2="26" y2="4" strokeWidth="1.2" />
          </svg>{" "}
          {words.legendDeclared}
          <svg width="26" height="8" aria-hidden="true">
            <line className="net-line undeclared" x1="0" y1="4" x2="20" y2="4" strokeWidth="3" />
            <path className="net-head" d="M26 4 17 0v8z" />
          </svg>{" "}
          {words.legendUndeclared}
        </>
      ) : (
        <>
          <svg width="26" height="8" aria-hidden="true">
            <line className="net-line unjudged" x1="0" y1="4" x2="26" y2="4" strokeWidth="1.2" />
          </svg>{" "}
          {words.legendUnjudged}
        </>
      )}
    </span>
  );
}

/** Members written out of a box that stands for many. */
const MEMBERS = 40;

function Chosen({
  box,
  nodes,
  edges,
  caseId,
}: {
  readonly box: Box;
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
  readonly caseId: string;
}) {
  const words = useWords(overview);
  const { kinds } = useWords(drawings);
  const q = useQuantities();
  const { node, members } = box;
  const ids = new Set(members.map((m) => m.id));
  const own = edges.filter((e) => ids.has(e.a) || ids.has(e.b));
  const count = node.findings.proven + node.findings.corroborated + node.findings.indication;
  const asReceiver = node.kind === "receiver" || node.kind === "unknown";
  const one = members.length === 1;
  return (
    <div className="chosen">
      <h3>
        {one
          ? node.label
          : members
              .slice(0, MEMBERS)
              .map((m) => m.label)
              .join(", ")}
      </h3>
      {members.length > MEMBERS && <p className="small quiet">+ {q.count(members.length - MEMBERS)}</p>}
      <Facts
        items={[
          [words.roles, node.roles.length > 0 ? node.roles.join(", ") : kinds[node.kind]],
          [words.addresses, one && node.addresses.length > 0 ? <span className="mono">{node.addresses.slice(0, 6).join(" ")}</span> : null],
          [words.vendor, one ? (node.vendorName ?? node.vendor) : null],
          [words.site, node.site],
          [
            words.declaration,
            <span className={node.declared ? "blue" : "vermilion"}>{node.declared ? words.declaredYes : words.declaredNo}</span>,
          ],
          [
            words.itsFindings,
            count > 0 && one ? (
              <Link href={address([caseId, "findings"], asReceiver ? { receiver: node.id } : { element: node.id })}>{q.count(count)}</Link>
            ) : null,
          ],
        ]}
      />
      <Lines edges={own} nodes={nodes} caseId={caseId} />
    </div>
  );
}

/** Rows that a plain table shows without trouble. */
const PLAIN_ROWS = 200;

function Lines({
  edges,
  nodes,
  caseId,
}: {
  readonly edges: readonly NetworkEdge[];
  readonly nodes: readonly NetworkNode[];
  readonly caseId: string;
}) {
  const words = useWords(overview);
  const q = useQuantities();
  const label = (id: string) => nodes.find((n) => n.id === id)?.label ?? id;
  const rank = { undeclared: 0, unjudged: 1, declared: 2 } as const;
  const sorted = edges
    .toSorted((a, b) => rank[a.status] - rank[b.status] || b.bytes - a.bytes || a.id.localeCompare(b.id))
    .slice(0, PLAIN_ROWS);
  return (
    <Table
      columns={[
        words.a,
        words.b,
        words.name,
        words.plane,
        words.status,
        { num: words.messages },
        { num: words.packets },
        { num: words.volume },
        words.seen,
      ]}
    >
      {sorted.map((e) => (
        <tr key={e.id}>
          <th scope="row">{label(e.a)}</th>
          <td>{label(e.b)}</td>
          <td>{e.name}</td>
          <td>{words.planes[e.plane]}</td>
          <td className={e.status === "undeclared" ? "vermilion nowrap" : e.status === "declared" ? "blue nowrap" : "quiet nowrap"}>
            {e.grade !== null && <GradeMark grade={e.grade} />}{" "}
            {e.findings[0] === undefined ? (
              words.statuses[e.status]
            ) : (
              <Link href={address([caseId, "findings", e.findings[0]])}>{words.statuses[e.status]}</Link>
            )}
          </td>
          <td className="num">{e.messages === 0 ? "–" : q.count(e.messages)}</td>
          <td className="num">{e.packets === 0 ? "–" : q.count(e.packets)}</td>
          <td className="num nowrap">{e.bytes === 0 ? "–" : q.bytes(e.bytes)}</td>
          <td className="nowrap quiet">{e.first === null ? "–" : `${q.clock(e.first)} – ${q.clock(e.last ?? e.first)}`}</td>
        </tr>
      ))}
    </Table>
  );
}

const PAGE = 200;

/** All elements, page by page as they come into view. */
function Elements({ caseId }: { readonly caseId: string }) {
  const words = useWords(overview);
  const q = useQuantities();
  const [query, setQuery] = useQuery();
  const text = query.get("element") ?? "";
  const path = `/cases/${encodeURIComponent(caseId)}/elements?limit=${PAGE}${text === "" ? "" : `&q=${encodeURIComponent(text)}`}`;
  const { first, items, onRange } = usePages<Element, ElementPage>(path);
  return (
    <div className="elements">
      <label className="field element-search">
        <span>{words.filter}</span>
        <input type="search" data-search value={text} onChange={(event) => setQuery({ element: event.target.value }, true)} />
      </label>
      <div role="table" aria-label={words.elements} aria-rowcount={first?.total ?? 0}>
        <div role="rowgroup">
          <div role="row" className="element-row head">
            <span role="columnheader">{words.element}</span>
            <span role="columnheader">{words.roles}</span>
            <span role="columnheader">{words.because}</span>
            <span role="columnheader">{words.vendor}</span>
            <span role="columnheader">{words.declaration}</span>
            <span role="columnheader" className="num">
              {words.packets}
            </span>
          </div>
        </div>
        <Rows
          count={items.length}
          rowHeight={46}
          maxHeight={560}
          label={words.elements}
          onRange={onRange}
          row={(index) => {
            const e = items[index] as Element;
            const grade = (["proven", "corroborated", "indication"] as const).find((g) => e.findings[g] > 0);
            return (
              <div role="row" className="element-row" aria-rowindex={index + 1}>
                <span role="cell">
                  <strong>{e.id}</strong>
                  {grade !== undefined && (
                    <>
                      {" "}
                      <Link className="vermilion" href={address([caseId, "findings"], { element: e.id })}>
                        <GradeLabel grade={grade} />
                      </Link>
                    </>
                  )}
                  <small className="mono quiet">{e.addresses.slice(0, 3).join(" ")}</small>
                </span>
                <span role="cell">{e.roles.map((r) => r.role).join(", ")}</span>
                <span role="cell" className="quiet">
                  {e.roles[0]?.because ?? "–"}
                </span>
                <span role="cell">{e.vendorName ?? e.vendor ?? "–"}</span>
                <span role="cell" className={e.declared ? "blue" : "vermilion"}>
                  {e.declared ? words.declaredYes : words.declaredNo}
                </span>
                <span role="cell" className="num">
                  {q.count(e.packets)}
                </span>
              </div>
            );
          }}
        />
      </div>
    </div>
  );
}
