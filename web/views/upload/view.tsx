/** Captures in, progress as it comes, and what the case then holds. */
import { scrollable } from "#web/ui/scrollable.ts";
import { useEffect, useId, useState } from "react";
import type { CaseSummary, Declaration, NewScan, ScanJob, Upload, UploadList } from "#serve/api/types.ts";
import { send, useApi } from "#web/app/api.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { onEvent } from "#web/app/live.ts";
import { address } from "#web/app/router.ts";
import { useSession } from "#web/app/session.tsx";
import type { ViewProps } from "#web/app/views.ts";
import { GradeMark } from "#web/ui/marks.tsx";
import { OptionText } from "#web/ui/option-text.tsx";
import { Absent, Facts, Page, Ready, Section, Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { upload as words_ } from "#web/words/upload.ts";
import { DropBox } from "./drop-box.tsx";
import { takeFor } from "./pending.ts";
import "./upload.css";

export default function View({ caseId }: ViewProps) {
  const words = useWords(words_);
  const { session } = useSession();
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const summary = useApi<CaseSummary>(base);
  const list = useApi<UploadList>(`${base}/uploads`);
  return (
    <Page title={words.title} lede={words.lede}>
      {!session.rights.includes("scan") ? (
        <Absent>{words.notYours}</Absent>
      ) : session.features.upload ? (
        <Ready loaded={list}>{(data) => <HandIn caseId={caseId} data={data} reload={list.reload} />}</Ready>
      ) : (
        <Absent>
          <OptionText>{words.off}</OptionText>
        </Absent>
      )}
      <Section title={words.caseHolds}>
        <Ready loaded={summary}>{(data) => <Holds data={data} />}</Ready>
      </Section>
    </Page>
  );
}

function HandIn({ caseId, data, reload }: { readonly caseId: string; readonly data: UploadList; readonly reload: () => void }) {
  const words = useWords(words_);
  const q = useQuantities();
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const [taking, setTaking] = useState<string | null>(null);
  const [error, setError] = useState<Error>();
  const [skipBad, setSkipBad] = useState(false);
  const skipId = useId();

  const failed = (e: unknown): void => setError(e instanceof Error ? e : new Error(String(e)));
  const take = async (files: readonly File[]): Promise<void> => {
    setError(undefined);
    try {
      for (const file of files) {
        if (file.size > data.maxBytes) throw new Error(words.tooLarge(file.name, q.bytes(data.maxBytes)));
        setTaking(file.name);
        await send<Upload>(
          "POST",
          `${base}/uploads?file=${encodeURIComponent(file.name)}`,
          file.slice(0, file.size, "application/octet-stream"),
        );
      }
    } catch (e) {
      failed(e);
    } finally {
      setTaking(null);
      reload();
    }
  };
  // dropped on the first page, before this case was there
  useEffect(() => {
    const files = takeFor(caseId);
    if (files.length > 0) void take(files);
  }, [caseId]);
  const act = (work: Promise<unknown>): void => {
    setError(undefined);
    work.then(reload, failed);
  };
  return (
    <>
      <DropBox take={(files) => void take(files)} disabled={taking !== null} note={words.formats(q.bytes(data.maxBytes))}>
        <p className="small" aria-live="polite">
          {taking !== null && words.taking(taking)}
        </p>
      </DropBox>
      {error !== undefined && <Trouble error={error} />}
      <Section title={words.waiting}>
        {data.uploads.length === 0 ? (
          <p className="quiet">{words.none}</p>
        ) : (
          <>
            <div className="scroll-x" ref={scrollable}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{words.file}</th>
                    <th scope="col" className="num">
                      {words.size}
                    </th>
                    <th scope="col">{words.hash}</th>
                    <th scope="col" aria-label={words.remove} />
                  </tr>
                </thead>
                <tbody>
                  {data.uploads.map((u) => (
                    <tr key={u.id}>
                      <th scope="row">{u.file}</th>
                      <td className="num nowrap">{q.bytes(u.bytes)}</td>
                      <td className="mono" title={u.sha256}>
                        {u.sha256.slice(0, 16)}…
                      </td>
                      <td>
                        <button
                          type="button"
                          className="button bare small"
                          aria-label={`${words.remove}: ${u.file}`}
                          onClick={() => act(send("DELETE", `${base}/uploads/${encodeURIComponent(u.id)}`))}
                        >
                          {words.remove}
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <Judged caseId={caseId} />
            <div className="row">
              <button
                type="button"
                className="button primary"
                onClick={() =>
                  act(
                    send<ScanJob>("POST", `${base}/scans`, {
                      uploads: data.uploads.map((u) => u.id),
                      ...(skipBad ? { skipBad } : {}),
                    } satisfies NewScan),
                  )
                }
              >
                {words.scan}
              </button>
              <label className="row" htmlFor={skipId}>
                <input
                  id={skipId}
                  type="checkbox"
                  className="check"
                  checked={skipBad}
                  onChange={(event) => setSkipBad(event.target.checked)}
                />
                {words.skipBad}
              </label>
              <span className="small quiet">{words.scanNote}</span>
            </div>
          </>
        )}
      </Section>
      <Scans caseId={caseId} scans={data.scans} reload={reload} />
    </>
  );
}

/** By what the next scan will judge: said before, not after. */
function Judged({ caseId }: { readonly caseId: string }) {
  const words = useWords(words_);
  const { data } = useApi<Declaration>(`/cases/${encodeURIComponent(caseId)}/declaration`);
  if (data === undefined) return null;
  const declared = data.source === "saved" || data.source === "used";
  return (
    <p>
      {declared ? (
        <>
          <span className="quiet">{words.judged}</span> <span className="blue">{words.judgedBy(data.file)}</span>
        </>
      ) : (
        words.judgedByNone
      )}{" "}
      <Link href={address([caseId, "declaration"])}>{words.edit}</Link>
    </p>
  );
}

function Scans({ caseId, scans, reload }: { readonly caseId: string; readonly scans: readonly ScanJob[]; readonly reload: () => void }) {
  const words = useWords(words_);
  const q = useQuantities();
  const [live, setLive] = useState<ReadonlyMap<string, ScanJob>>(new Map());
  useEffect(
    () =>
      onEvent((event) => {
        if (event.kind !== "scan" || event.scan.case !== caseId) return;
        const { scan } = event;
        setLive((known) => new Map(known).set(scan.id, scan));
        if (scan.state === "done" || scan.state === "failed") reload();
      }),
    [caseId, reload],
  );
  const shown = scans.map((s) => live.get(s.id) ?? s).toReversed();
  return (
    <Section title={words.scans}>
      {shown.length === 0 ? (
        <p className="quiet">{words.noScan}</p>
      ) : (
        <ol className="scans">
          {shown.map((s) => (
            <li key={s.id}>
              <p>
                <strong>{s.files.join(", ")}</strong>: {words.states[s.state]}
                {s.state === "waiting" && s.place !== null && ` (${words.place(s.place)})`}
                {s.state === "done" && (
                  <>
                    {" "}
                    · <Link href={address([caseId, "findings"])}>{words.result}</Link>
                  </>
                )}
              </p>
              {s.state === "running" && (
                <div className="row">
                  <progress
                    aria-label={s.files.join(", ")}
                    max={s.total > 0 ? s.total : undefined}
                    value={s.total > 0 ? Math.min(s.done, s.total) : undefined}
                  />
                  <span className="small quiet">
                    {s.total > 0 && `${q.percent(Math.min(1, s.done / s.total))} · `}
                    {words.packets(q.count(s.packets))}
                  </span>
                </div>
              )}
              {(s.state === "running" || s.state === "waiting") && (
                <button
                  type="button"
                  className="button bare small"
                  onClick={() => {
                    send("DELETE", `/cases/${encodeURIComponent(caseId)}/scans/${encodeURIComponent(s.id)}`).then(reload, reload);
                  }}
                >
                  {words.stop}
                </button>
              )}
              {s.why !== null && <p role={s.state === "failed" ? "alert" : undefined}>{s.why}</p>}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function Holds({ data }: { readonly data: CaseSummary }) {
  const words = useWords(words_);
  const shared = useShared();
  const q = useQuantities();
  if (data.empty) return <Absent>{words.caseEmpty}</Absent>;
  return (
    <Facts
      items={[
        [words.captures, `${q.count(data.captures)} · ${words.packets(q.count(data.packets))} · ${q.bytes(data.bytes)}`],
        [words.period, q.period(data.first, data.last)],
        [
          words.findings,
          <Link key="f" href={address([data.id, "findings"])} className="row">
            {(["proven", "corroborated", "indication"] as const).map((g) => (
              <span key={g} className="graded">
                <GradeMark grade={g} title={shared.grades[g]} /> {q.count(data.grades[g])}
              </span>
            ))}
            {data.withheld > 0 && <span className="quiet">{words.withheld(q.count(data.withheld))}</span>}
          </Link>,
        ],
      ]}
    />
  );
}
