import { scrollable } from "#web/ui/scrollable.ts";
import { useEffect, useRef, useState } from "react";
import type { VerifyResult } from "#verify/result.ts";
import { BASE } from "#web/app/api.ts";
import type { Claim } from "#model/finding.ts";
import { attestedSaid, weaknessSaid } from "#words/verdict.ts";
import { useLanguage, useShared, useWords } from "#web/app/language.tsx";
import { OutcomeMark } from "#web/ui/marks.tsx";
import { Absent, Section, Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { evidence as words_ } from "#web/words/evidence.ts";
import type { VerifyJob } from "./verify.worker.ts";
// oxlint-disable-next-line import/default -- Vite makes the address of the built worker of it
import workerUrl from "./verify.worker.ts?worker&url";

type Shown = Omit<VerifyResult, "contents"> & {
  readonly contents: (Omit<NonNullable<VerifyResult["contents"]>, "records"> & { readonly records: number }) | null;
};
type State =
  | { readonly at: "idle" }
  | { readonly at: "working" }
  | { readonly at: "done"; readonly name: string; readonly result: Shown }
  | { readonly at: "failed"; readonly error: Error };

/** A bundle is at most this large in a page; the command line takes any. */
const MOST_OCTETS = 512 * 1024 * 1024;
/** The one script this page starts by its address; the content security policy asks for a policy that says so. */
const workers = window.trustedTypes?.createPolicy("tapproof-verify", { createScriptURL: (url) => url });

function startWorker(): Worker {
  const { href } = new URL(workerUrl, window.location.href);
  return new Worker((workers?.createScriptURL(href) ?? href) as string, { type: "module" });
}

const OUTCOME = { passed: "good", failed: "bad", "not checked": "unknown" } as const;

export function VerifySection({ caseId, own }: { readonly caseId: string; readonly own: string | null }) {
  const words = useWords(words_);
  const [state, setState] = useState<State>({ at: "idle" });
  const [over, setOver] = useState(false);
  const [key, setKey] = useState("");
  const worker = useRef<Worker>(null);
  useEffect(() => () => worker.current?.terminate(), []);

  const check = async (name: string, read: () => Promise<ArrayBuffer>) => {
    worker.current?.terminate();
    setState({ at: "working" });
    try {
      const octets = await read();
      if (octets.byteLength > MOST_OCTETS) throw new Error(`${name}: > ${MOST_OCTETS} B; tapproof verify`);
      const running = startWorker();
      worker.current = running;
      running.addEventListener("message", (event: MessageEvent<{ readonly result?: Shown; readonly error?: string }>) => {
        const { result, error } = event.data;
        setState(result === undefined ? { at: "failed", error: new Error(error) } : { at: "done", name, result });
        running.terminate();
      });
      running.addEventListener("error", (event) => setState({ at: "failed", error: new Error(event.message) }));
      running.postMessage({ octets, key: key.trim() === "" ? null : key.trim() } satisfies VerifyJob, [octets]);
    } catch (error) {
      setState({ at: "failed", error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  const take = (file: File | undefined) => {
    if (file !== undefined) void check(file.name, () => file.arrayBuffer());
  };
  return (
    <Section title={words.verify}>
      <p className="prose">{words.verifyWhy}</p>
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <p className="serif">{words.drop}</p>
        <p className="row">
          <label className="button file-button">
            {words.choose}
            <input type="file" className="visually-hidden" accept=".tapproof" onChange={(event) => take(event.target.files?.[0])} />
          </label>
          {own !== null && (
            <button
              type="button"
              className="button"
              onClick={() => void check(own, async () => (await fetch(`${BASE}/cases/${encodeURIComponent(caseId)}/bundle`)).arrayBuffer())}
            >
              {words.fetchOwn}
            </button>
          )}
        </p>
        <label className="field key-field">
          <span>{words.expected}</span>
          <input
            className="mono"
            value={key}
            placeholder={words.expectedHint}
            onChange={(event) => setKey(event.target.value)}
            spellCheck={false}
          />
        </label>
      </div>
      <div aria-live="polite" className="verdict-room">
        {state.at === "working" && <p className="quiet">{words.working}</p>}
        {state.at === "failed" && <Trouble error={state.error} />}
        {state.at === "done" && <Verdict name={state.name} result={state.result} />}
      </div>
    </Section>
  );
}

function Verdict({ name, result }: { readonly name: string; readonly result: Shown }) {
  const words = useWords(words_);
  const shared = useShared();
  const { language } = useLanguage();
  const q = useQuantities();
  if (!result.bundle) return <Absent>{words.notBundle}</Absent>;
  const failed = result.checks.filter((c) => c.status === "failed");
  const { origin, contents } = result;
  return (
    <div className="verdict">
      <h3 className={result.level === "none" || failed.length > 0 ? "vermilion" : undefined}>
        {result.level === "none" ? words.levels.none : <Term name={result.level}>{words.levels[result.level]}</Term>}
        <span className="quiet small mono"> {name}</span>
      </h3>
      <p className="prose">
        {failed.length === 0 ? words.allHeld : words.failed(failed.length)}{" "}
        {origin.status === "checked"
          ? words.originChecked(origin.name)
          : origin.status === "wrong"
            ? words.originWrong(origin.name)
            : words.originNot(origin.name)}{" "}
        {result.level !== "L3" && words.levelNote}
      </p>
      {result.weaknesses.length > 0 && (
        <>
          <h4>{words.weaker}</h4>
          <ul>
            {result.weaknesses.map((w, i) => (
              <li key={i}>
                {weaknessSaid(w, language, (claim) => (Object.hasOwn(shared.claims, claim) ? shared.claims[claim as Claim].name : claim))}
              </li>
            ))}
          </ul>
        </>
      )}
      {result.attested.length > 0 && (
        <>
          <h4>{words.attestedOnly}</h4>
          <ul>
            {result.attested.map((a) => (
              <li key={a.code}>{attestedSaid(a, language)}</li>
            ))}
          </ul>
        </>
      )}
      {contents !== null && (
        <p className="small quiet">
          <span className="mono">{contents.log.origin}</span> · {words.size}
          {q.colon} {q.count(contents.log.size)} · {q.count(contents.records)} {words.records} · {q.count(contents.parts.length)}{" "}
          {words.parts}
        </p>
      )}
      <div className="scroll-x" ref={scrollable}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.outcome}</th>
              <th scope="col" aria-label="L" />
              <th scope="col">{words.check}</th>
              <th scope="col">{words.detail}</th>
            </tr>
          </thead>
          <tbody>
            {result.checks.map((c, i) => (
              <tr key={`${c.code}${i}`}>
                <td className="nowrap">
                  <span className={c.status === "not checked" ? "marked quiet" : "marked"}>
                    <OutcomeMark outcome={OUTCOME[c.status]} />
                    {words.outcomes[c.status]}
                  </span>
                </td>
                <td className="quiet">{c.level}</td>
                <th scope="row">
                  {words.checks[c.code] ?? c.name} <span className="mono quiet small">{c.code}</span>
                </th>
                <td className="quiet wrap-anywhere">
                  {c.detail}
                  {c.part !== undefined && <span className="mono"> {c.part}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
