import { memo, useCallback, useEffect, useState } from "react";
import type { FindingPage, FindingRow } from "#serve/api/types.ts";
import { useKeys } from "#web/app/keyboard.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { useSession } from "#web/app/session.tsx";
import { Link } from "#web/app/link.tsx";
import { usePages } from "#web/app/pages.ts";
import { address, navigate, useQuery } from "#web/app/router.ts";
import { GradeMark } from "#web/ui/marks.tsx";
import { Absent, Page, Ready } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useMedia } from "#web/ui/media.ts";
import { Rows } from "#web/ui/rows.tsx";
import { findings } from "#web/words/findings.ts";
import { FACETS, Filters } from "./filters.tsx";
import { left } from "./memory.ts";
import { TriageBar } from "./triage-bar.tsx";
import "./findings.css";
import { Said } from "#web/ui/said.tsx";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";

const LIMIT = 200;
/** Pixels; on a narrow screen three lines of the sentence are shown. */
const ROW_HEIGHT = { wide: 84, narrow: 106 } as const;
const NARROW = "(max-width: 45rem)";

/** The server's question from the filters in the address. */
function question(query: URLSearchParams): string {
  const asked = new URLSearchParams();
  for (const key of [...FACETS, "q", "from", "to", "sort", "order"]) {
    const value = query.get(key);
    if (value !== null) asked.set(key, value);
  }
  asked.set("limit", String(LIMIT));
  return asked.toString();
}

/** What was found, strongest first; filters, marks, triage, all by keyboard. */
export function Queue({ caseId }: { readonly caseId: string }) {
  const { session } = useSession();
  const words = useWords(findings);
  const q = useQuantities();
  const [query] = useQuery();
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const paged = usePages<FindingRow, FindingPage>(`${base}/findings?${question(query)}`);
  const { items, first } = paged;
  const narrow = useMedia(NARROW);
  const rowHeight = narrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide;
  const [current, setCurrent] = useState(-1);
  const [marks, setMarks] = useState<ReadonlySet<string>>(new Set());

  // back from a finding: the row it was opened from is the current one
  useEffect(() => {
    if (left.id === null || items.length === 0) return;
    const index = items.findIndex((f) => f.id === left.id);
    left.id = null;
    if (index >= 0) setCurrent(index);
  }, [items]);

  const open = useCallback((row: FindingRow) => {
    left.search = window.location.search;
    left.id = row.id;
    navigate(address([row.case, "findings", row.id]));
  }, []);
  const toggle = useCallback((id: string) => {
    setMarks((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  // a mark that the filters hide stays, and is not acted upon
  const acted = new Set(items.flatMap((f) => (marks.has(f.id) ? [f.id] : [])));
  const hidden = marks.size - acted.size;
  const currentRow = items[current];
  useKeys({
    j: () => setCurrent((i) => Math.min(items.length - 1, i + 1)),
    k: () => setCurrent((i) => Math.max(0, i - 1)),
    ArrowDown: () => setCurrent((i) => Math.min(items.length - 1, i + 1)),
    ArrowUp: () => setCurrent((i) => Math.max(0, i - 1)),
    Enter: () => {
      if (currentRow !== undefined) open(currentRow);
    },
    x: () => {
      if (currentRow !== undefined) toggle(currentRow.id);
    },
    Escape: () => setMarks(new Set()),
  });

  return (
    <Page
      title={words.title}
      lede={
        first === undefined ? undefined : (
          <>
            {words.lede(q.count(first.total), q.count(first.all))} {first.withheld > 0 && words.withheld(q.count(first.withheld))}
          </>
        )
      }
    >
      <Ready loaded={{ data: first, error: paged.error, loading: paged.loading, reload: paged.reload }}>
        {(page) =>
          page.all === 0 ? (
            <Absent>{page.withheld > 0 ? words.noneOpen(q.count(page.withheld)) : words.noneAtAll}</Absent>
          ) : (
            <div className="queue">
              <Filters facets={page.facets} />
              <div className="queue-list">
                {acted.size > 0 && session.rights.includes("annotate") ? (
                  <TriageBar
                    caseId={caseId}
                    marks={acted}
                    rows={items}
                    done={(result) => {
                      paged.patch((row) =>
                        result[row.id] === undefined ? row : { ...row, triage: result[row.id] as FindingRow["triage"] },
                      );
                      setMarks((now) => new Set([...now].filter((id) => !acted.has(id))));
                    }}
                    all={() => setMarks((now) => new Set([...now, ...items.map((f) => f.id)]))}
                    none={() => setMarks(new Set())}
                  />
                ) : (
                  <p className="small quiet queue-keys">{words.keys}</p>
                )}
                {hidden > 0 && <p className="small quiet">{words.hiddenMarks(q.count(hidden))}</p>}
                {page.total === 0 ? (
                  <Absent>{words.none}</Absent>
                ) : (
                  <Rows
                    count={items.length}
                    rowHeight={rowHeight}
                    maxHeight={Math.max(420, window.innerHeight - 236)}
                    label={words.list}
                    role="list"
                    current={current}
                    onRange={paged.onRange}
                    row={(index) => {
                      const row = items[index] as FindingRow;
                      return (
                        <Row
                          row={row}
                          current={index === current}
                          marked={marks.has(row.id)}
                          position={index + 1}
                          total={page.total}
                          toggle={toggle}
                          showNetwork={caseId === "all"}
                        />
                      );
                    }}
                  />
                )}
              </div>
            </div>
          )
        }
      </Ready>
    </Page>
  );
}

const Row = memo(function Row({
  row,
  current,
  marked,
  position,
  total,
  toggle,
  showNetwork,
}: {
  readonly row: FindingRow;
  readonly current: boolean;
  readonly marked: boolean;
  readonly position: number;
  readonly total: number;
  readonly toggle: (id: string) => void;
  readonly showNetwork: boolean;
}) {
  const words = useWords(findings);
  const shared = useShared();
  const q = useQuantities();
  const { element, receiver, triage } = row;
  return (
    <div
      className={`finding-row${current ? " current" : ""}${marked ? " picked" : ""}`}
      role="listitem"
      aria-posinset={position}
      aria-setsize={total}
      aria-current={current || undefined}
    >
      <input
        type="checkbox"
        className="check"
        checked={marked}
        onChange={() => toggle(row.id)}
        aria-label={`${words.mark} ${row.id.slice(0, 12)}`}
        tabIndex={-1}
      />
      <span className={row.grade === "proven" ? "grade-cell vermilion" : "grade-cell"}>
        <GradeMark grade={row.grade} title={shared.grades[row.grade]} />
      </span>
      <div className="finding-text">
        <Link
          href={address([row.case, "findings", row.id])}
          onClick={() => {
            left.search = window.location.search;
            left.id = row.id;
          }}
        >
          <Said code={row.summaryCode} values={row.values}>
            {row.summary}
          </Said>
        </Link>
        <p className="small quiet">
          {(triage.state !== "new" || triage.assignee !== null) && (
            <strong>
              {words.states[triage.state]}
              {triage.assignee !== null && `, ${triage.assignee}`}
              {" · "}
            </strong>
          )}
          {showNetwork && `${row.network ?? row.case} · `}
          <strong>{shared.grades[row.grade]}</strong>
          {" · "}
          {shared.claims[row.claim].name}
          {" · "}
          <span className="mono">{element.name ?? element.address}</span>
          {receiver !== null && (
            <>
              {` ${CLAIM_TRAITS[row.claim].byOther ? words.by : words.to_} `}
              <span className="mono">{receiver.name ?? receiver.address ?? receiver.identity}</span>
            </>
          )}
        </p>
      </div>
      <div className="finding-amounts small">
        {row.subscribers > 0 && <div>{words.subscribers(row.subscribers)}</div>}
        {row.bytes > 0 && <div>{q.bytes(row.bytes)}</div>}
        <div className="quiet">{q.day(row.last)}</div>
      </div>
    </div>
  );
});
