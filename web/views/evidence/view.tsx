/** The log, its signed roots, who outside signed them, and a check of any bundle. */
import { useState } from "react";
import type { CaseSummary, EntryPage, Evidence, LogEntry } from "#serve/api/types.ts";
import { BASE, useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { usePages } from "#web/app/pages.ts";
import type { ViewProps } from "#web/app/views.ts";
import { CopyButton } from "#web/ui/copy.tsx";
import { OutcomeMark } from "#web/ui/marks.tsx";
import { Absent, Facts, Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Rows } from "#web/ui/rows.tsx";
import { Said } from "#web/ui/said.tsx";
import { Term } from "#web/ui/term.tsx";
import { evidence as words_ } from "#web/words/evidence.ts";
import { finding } from "#web/words/finding.ts";
import { VerifySection } from "./verify.tsx";
import "./evidence.css";
import { Table } from "#web/ui/table.tsx";

export default function View({ caseId }: ViewProps) {
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const loaded = useApi<Evidence>(`${base}/evidence`);
  const summary = useApi<CaseSummary>(base);
  const words = useWords(words_);
  return (
    <Page title={words.title} lede={words.lede}>
      <Ready loaded={loaded}>
        {(data) => (
          <>
            <Times data={data} summary={summary.data} />
            <Bundle data={data} base={base} />
            <VerifySection caseId={caseId} own={data.bundle?.file ?? null} />
            <Log data={data} />
            <Witnesses data={data} />
            {data.log.present && <Entries base={base} total={data.entriesTotal} />}
            <Captures data={data} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Times({ data, summary }: { readonly data: Evidence; readonly summary: CaseSummary | undefined }) {
  const words = useWords(words_);
  const said = useWords(finding);
  const q = useQuantities();
  const sealed = data.checkpoints.find((c) => c.at !== null);
  const standing = said.standings[data.standing as keyof typeof said.standings] ?? data.standing;
  return (
    <Section title={words.times}>
      <dl className="times">
        <div>
          <dt>
            <Term name="captured">{words.captured}</Term>
          </dt>
          <dd>{summary === undefined ? "" : q.period(summary.first, summary.last)}</dd>
          <dd className="small quiet">{words.capturedWhy}</dd>
        </div>
        <div>
          <dt>
            <Term name="sealed">{words.sealed}</Term>
          </dt>
          <dd>
            {sealed?.at === undefined || sealed.at === null ? (
              <span className="marked">
                <OutcomeMark outcome="unknown" />
                <span className="quiet wrap">{words.sealedNot}</span>
              </span>
            ) : (
              q.time(sealed.at)
            )}
          </dd>
          {sealed !== undefined && <dd className="small quiet">{words.sealedWhy}</dd>}
        </div>
        <div>
          <dt>
            <Term name="standing">{words.standing}</Term>
          </dt>
          <dd>{standing}</dd>
        </div>
      </dl>
    </Section>
  );
}

function Bundle({ data, base }: { readonly data: Evidence; readonly base: string }) {
  const words = useWords(words_);
  const q = useQuantities();
  return (
    <Section title={<Term name="bundle">{words.bundle}</Term>} note={words.bundleWhy}>
      {data.bundle === null ? (
        <Absent>{data.bundleLacks === null ? words.noBundle : words.bundleLacks(data.bundleLacks)}</Absent>
      ) : (
        <>
          <p className="row">
            <a className="button primary" href={`${BASE}${base}/bundle`} download>
              {words.download}
            </a>
            <span className="mono">{data.bundle.file}</span>
            <span className="quiet">
              {q.bytes(data.bundle.bytes)}, {words.made} {q.time(data.bundle.made)}
            </span>
          </p>
          <p className="small mono quiet wrap-anywhere">SHA-256 {data.bundle.sha256}</p>
        </>
      )}
    </Section>
  );
}

function Log({ data }: { readonly data: Evidence }) {
  const words = useWords(words_);
  const q = useQuantities();
  const { log } = data;
  return (
    <Section title={words.log} note={<Term name="custody" />}>
      {!log.present ? (
        <Absent>{log.why === null ? words.noLog : <Said>{log.why}</Said>}</Absent>
      ) : (
        <>
          <Facts
            items={[
              [words.size, q.count(log.size)],
              [words.origin, log.origin === null ? null : <span className="mono">{log.origin}</span>],
              [words.root, log.root === null ? null : <span className="mono">{log.root}</span>],
              [words.signer, log.signer === null ? null : <span className="mono">{log.signer}</span>],
            ]}
          />
          {log.checkpoint !== null && (
            <details className="more">
              <summary>{words.checkpoint}</summary>
              <pre className="note">{log.checkpoint}</pre>
              <CopyButton text={log.checkpoint} label={words.copy} />
            </details>
          )}
          {log.why !== null && <Absent>{log.why}</Absent>}
        </>
      )}
    </Section>
  );
}

function Witnesses({ data }: { readonly data: Evidence }) {
  const words = useWords(words_);
  const q = useQuantities();
  return (
    <Section title={<Term name="witness">{words.witnesses}</Term>}>
      {data.witnesses.length === 0 ? (
        <Absent>{words.noWitness}</Absent>
      ) : (
        <Table columns={[words.witness, words.state, words.at, { num: words.upTo }, words.key]}>
          {data.witnesses.map((w) => (
            <tr key={w.key ?? w.name}>
              <th scope="row">{w.name}</th>
              <td>
                <span className={w.at === null ? "marked quiet" : "marked"}>
                  <OutcomeMark outcome={w.at === null ? "unknown" : "good"} />
                  {words.states[w.state] ?? w.state}
                </span>
              </td>
              <td className="nowrap">{w.at === null ? "–" : q.time(w.at)}</td>
              <td className="num">{w.size === null ? "–" : q.count(w.size)}</td>
              <td className="mono quiet">{w.key}</td>
            </tr>
          ))}
        </Table>
      )}
      {data.checkpoints.length > 0 && (
        <details className="more">
          <summary>{words.checkpoints}</summary>
          <ul className="heads small">
            {data.checkpoints.map((c) => (
              <li key={`${c.size}${c.root}`}>
                {q.count(c.size)} · {c.at === null ? "–" : q.time(c.at)} · <span className="mono wrap-anywhere">{c.root}</span> ·{" "}
                {c.signatures.join(", ")}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

const PAGE = 200;

/** Newest first; a record is shown as it stands. */
function Entries({ base, total }: { readonly base: string; readonly total: number }) {
  const words = useWords(words_);
  const q = useQuantities();
  const { items, onRange } = usePages<LogEntry, EntryPage>(`${base}/evidence/entries?limit=${PAGE}`);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Section title={words.entries} note={q.count(total)}>
      <div role="table" aria-label={words.entries} aria-rowcount={total}>
        <div role="rowgroup">
          <div role="row" className="log-row head">
            <span role="columnheader" className="num">
              {words.index}
            </span>
            <span role="columnheader">{words.at}</span>
            <span role="columnheader">{words.type}</span>
            <span role="columnheader">{words.summary}</span>
            <span role="columnheader">{words.record}</span>
          </div>
        </div>
        <Rows
          count={items.length}
          rowHeight={34}
          maxHeight={480}
          label={words.entries}
          onRange={onRange}
          row={(index) => {
            const e = items[index] as LogEntry;
            return (
              <div role="row" className="log-row" aria-rowindex={index + 1}>
                <span role="cell" className="num">
                  {q.count(e.index)}
                </span>
                <span role="cell" className="quiet">
                  {e.at === null ? "–" : q.time(e.at)}
                </span>
                <span role="cell" title={e.type}>
                  {words.types[e.type] ?? e.type}
                </span>
                <span role="cell" title={e.summary}>
                  {e.summary === e.type ? "–" : <Said>{e.summary}</Said>}
                </span>
                <span role="cell">
                  {e.record !== "" && (
                    <button
                      type="button"
                      className="button bare mono"
                      aria-expanded={open === e.record}
                      onClick={() => setOpen(open === e.record ? null : e.record)}
                    >
                      {e.record.slice(0, 16)}
                    </button>
                  )}
                </span>
              </div>
            );
          }}
        />
      </div>
      {open !== null && <Record base={base} hash={open} />}
    </Section>
  );
}

function Record({ base, hash }: { readonly base: string; readonly hash: string }) {
  const loaded = useApi<unknown>(`${base}/evidence/records/${hash}`);
  return (
    <div>
      <p className="mono small quiet wrap-anywhere">{hash}</p>
      <Ready loaded={loaded}>{(data) => <pre className="note">{JSON.stringify(data, null, 2)}</pre>}</Ready>
    </div>
  );
}

function Captures({ data }: { readonly data: Evidence }) {
  const words = useWords(words_);
  return (
    <Section title={words.captures}>
      <Table columns={[words.file, words.point, "SHA-256"]}>
        {data.captures.map((c) => (
          <tr key={c.sha256}>
            <th scope="row" className="mono">
              {c.file}
            </th>
            <td>{c.point}</td>
            <td className="mono quiet">{c.sha256}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
