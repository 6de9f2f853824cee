/** The declaration: drafted, corrected on the map, in the table or in the text, checked at every pause, saved as network.yaml. */
import { scrollable } from "#web/ui/scrollable.ts";
import { useCallback, useEffect, useMemo, useState } from "react";
import type {
  Declaration,
  DeclarationCheck,
  DeclarationDraft,
  DeclarationText,
  NetworkNode,
  Overview,
  UploadList,
} from "#serve/api/types.ts";
import { send, useApi } from "#web/app/api.ts";
import { useSession } from "#web/app/session.tsx";
import { useWords } from "#web/app/language.tsx";
import type { ViewProps } from "#web/app/views.ts";
import { layOut } from "#web/draw/layout.ts";
import { Network } from "#web/draw/network.tsx";
import { OutcomeMark } from "#web/ui/marks.tsx";
import { Absent, Page, Ready, Section, Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { editor as words_ } from "#web/words/editor.ts";
import { addEntry, changeEntry, removeEntry } from "./edit-text.ts";
import { EntryForm, type Editing } from "./entry-form.tsx";
import { TextEditor } from "./text-editor.tsx";
import "./editor.css";

/** After the last key, before the text is checked. */
const PAUSE_MILLIS = 400;

export default function View({ caseId }: ViewProps) {
  const words = useWords(words_);
  const loaded = useApi<Declaration>(`/cases/${encodeURIComponent(caseId)}/declaration`);
  return (
    <Page title={words.title} lede={words.lede}>
      <Ready loaded={loaded}>{(data) => <Editor caseId={caseId} loaded={data} reload={loaded.reload} />}</Ready>
    </Page>
  );
}

function Editor({ caseId, loaded, reload }: { readonly caseId: string; readonly loaded: Declaration; readonly reload: () => void }) {
  const words = useWords(words_);
  const q = useQuantities();
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const overview = useApi<Overview>(`${base}/overview`);
  const uploads = useApi<UploadList>(`${base}/uploads`);
  const [from, setFrom] = useState(loaded);
  const [text, setText] = useState(loaded.text);
  const [check, setCheck] = useState<DeclarationCheck>({
    ok: loaded.problems.every((p) => p.severity === "warning"),
    sha256: loaded.sha256,
    problems: loaded.problems,
    functions: loaded.functions,
  });
  const [editing, setEditing] = useState<Editing>();
  const [goTo, setGoTo] = useState<{ readonly line: number; readonly column: number }>();
  const [error, setError] = useState<Error>();
  const [said, setSaid] = useState("");
  const dirty = text !== loaded.text || from.source === "draft";

  // what another page saved is shown, unless something here would be lost
  useEffect(() => {
    setText((now) => (now === from.text && from.source !== "draft" ? loaded.text : now));
    setFrom((now) => (now.source === "draft" ? now : loaded));
  }, [loaded]);

  useEffect(() => {
    const timer = window.setTimeout(() => {
      send<DeclarationCheck>("POST", `${base}/declaration/check`, { text } satisfies DeclarationText).then(
        // a text that cannot be used has no functions: the last ones stay on the page until it can
        (next) => setCheck((known) => (next.ok ? next : { ...next, functions: known.functions })),
        setError,
      );
    }, PAUSE_MILLIS);
    return () => window.clearTimeout(timer);
  }, [text, base]);

  const change = useCallback(
    (work: (text: string) => string) => {
      setSaid("");
      setError(undefined);
      try {
        setText(work);
        setEditing(undefined);
      } catch {
        setError(new Error(words.cannotEdit));
      }
    },
    [words],
  );
  const edit = (next: (text: string) => string): void => {
    try {
      const made = next(text);
      change(() => made);
    } catch {
      setError(new Error(words.cannotEdit));
    }
  };
  const mayDeclare = useSession().session.rights.includes("declare");
  const save = (): void => {
    setError(undefined);
    send<Declaration>("PUT", `${base}/declaration`, { text } satisfies DeclarationText).then((saved) => {
      setFrom(saved);
      // as it stands in the case: the part that is not shown here may have laid it out anew; what was typed meanwhile stays
      setText((now) => (now === text ? saved.text : now));
      setSaid(words.saved);
      reload();
    }, setError);
  };
  const draft = (ids: readonly string[]): void => {
    setError(undefined);
    send<Declaration>("POST", `${base}/declaration/draft`, (ids.length === 0 ? {} : { uploads: [...ids] }) satisfies DeclarationDraft).then(
      (made) => {
        setFrom(made);
        setText(made.text);
        setSaid("");
      },
      setError,
    );
  };
  const choose = (node: NetworkNode | undefined): void => {
    if (node === undefined || node.kind === "more") {
      setEditing(undefined);
      return;
    }
    const known = check.functions.find((f) => f.name === node.id || f.addresses.some((a) => node.addresses.includes(a)));
    setEditing(
      known === undefined
        ? { kind: "new", label: node.label, addresses: node.addresses, roles: node.roles }
        : { kind: "known", index: known.index, label: known.name },
    );
  };
  const waiting = uploads.data?.uploads ?? [];
  const seen = check.functions.filter((f) => f.observed).length;
  return (
    <>
      <div className="editor-state">
        <p className="serif">{words.sources[from.source]}</p>
        {!dirty && loaded.usedSha256 !== null && loaded.sha256 !== loaded.usedSha256 && <p>{words.notJudged}</p>}
        <div className="row">
          {mayDeclare ? (
            <button type="button" className="button primary" disabled={!check.ok || !dirty} onClick={save}>
              {words.save}
            </button>
          ) : (
            <span className="quiet">{words.notYours}</span>
          )}
          {dirty && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setFrom(loaded);
                setText(loaded.text);
                setEditing(undefined);
              }}
            >
              {words.revert}
            </button>
          )}
          <button type="button" className="button" onClick={() => download(loaded.file, text)}>
            {words.download}
          </button>
          <button type="button" className="button" disabled={!mayDeclare} onClick={() => draft([])}>
            {words.draft}
          </button>
          {waiting.length > 0 && (
            <button type="button" className="button" onClick={() => draft(waiting.map((u) => u.id))}>
              {words.draftUploads(waiting.length)}
            </button>
          )}
          <span role="status">{dirty ? words.unsaved : said}</span>
        </div>
        {error !== undefined && <Trouble error={error} />}
      </div>
      <Section title={words.map} note={words.mapNote}>
        <Ready loaded={overview}>
          {(data) =>
            data.network.nodes.length === 0 ? (
              <Absent>{words.noMap}</Absent>
            ) : (
              <Map overview={data} selected={editing?.label ?? null} choose={choose} />
            )
          }
        </Ready>
        {editing !== undefined && (
          <EntryForm
            key={`${editing.kind} ${editing.label}`}
            editing={editing}
            text={text}
            cancel={() => setEditing(undefined)}
            apply={(list, index, entry) => edit((t) => (index === null ? addEntry(t, list, entry) : changeEntry(t, list, index, entry)))}
            remove={(index) => edit((t) => removeEntry(t, "functions", index))}
          />
        )}
      </Section>
      <Section title={words.functions} note={words.functionsNote(q.count(check.functions.length), q.count(seen))}>
        <div className="scroll-x" ref={scrollable}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.roles}</th>
                <th scope="col">{words.vendor}</th>
                <th scope="col">{words.site}</th>
                <th scope="col">{words.addresses}</th>
                <th scope="col">{words.seen}</th>
                <th scope="col" className="num">
                  {words.line}
                </th>
                <th scope="col" aria-label={words.edit} />
              </tr>
            </thead>
            <tbody>
              {check.functions.slice(0, 500).map((f) => (
                <tr key={f.index}>
                  <th scope="row">{f.name}</th>
                  <td>{f.roles.join(", ")}</td>
                  <td>{f.vendor ?? <span className="quiet">–</span>}</td>
                  <td>{f.site ?? <span className="quiet">–</span>}</td>
                  <td className="mono">{f.addresses.join(", ")}</td>
                  <td>
                    <span className="marked">
                      <OutcomeMark outcome={f.observed ? "good" : "unknown"} />
                      {f.observed ? words.seen : words.notSeen}
                    </span>
                  </td>
                  <td className="num">
                    <button type="button" className="button bare small" onClick={() => setGoTo({ line: f.line, column: 1 })}>
                      {q.count(f.line)}
                    </button>
                  </td>
                  <td>
                    <button
                      type="button"
                      className="button bare small"
                      aria-label={words.correct(f.name)}
                      onClick={() => setEditing({ kind: "known", index: f.index, label: f.name })}
                    >
                      {words.edit}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p>
          <button type="button" className="button" onClick={() => setEditing({ kind: "new", label: "", addresses: [], roles: [] })}>
            {words.add}
          </button>
        </p>
      </Section>
      <Section title={words.text} note={words.textNote}>
        <TextEditor text={text} change={(next) => change(() => next)} problems={check.problems} goTo={goTo} />
      </Section>
    </>
  );
}

function Map({
  overview,
  selected,
  choose,
}: {
  readonly overview: Overview;
  readonly selected: string | null;
  readonly choose: (node: NetworkNode | undefined) => void;
}) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const drawing = useMemo(
    () => layOut(overview.network.nodes, overview.network.edges, { judged: overview.case.declared, open: new Set(opened) }),
    [overview, opened],
  );
  return (
    <Network
      drawing={drawing}
      selected={selected}
      open={(group) => setOpened([...opened, group])}
      select={(id) => {
        const [member] = drawing.boxes.find((box) => box.id === id)?.members ?? [];
        choose(overview.network.nodes.find((node) => node.id === member?.id));
      }}
    />
  );
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
