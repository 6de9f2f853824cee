/** The text with its line numbers; a line that is wrong is marked in the margin, and the message leads to it. */
import { useEffect, useId, useRef } from "react";
import type { Problem } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { editor as words_ } from "#web/words/editor.ts";

/** Height of a line in pixels, as editor.css sets it. */
const LINE = 20;
const MOST_MESSAGES = 100;

interface Props {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly problems: readonly Problem[];
  readonly goTo: { readonly line: number; readonly column: number } | undefined;
}

export function TextEditor({ text, change, problems, goTo }: Props) {
  const words = useWords(words_);
  const area = useRef<HTMLTextAreaElement>(null);
  const margin = useRef<HTMLDivElement>(null);
  const id = useId();
  const lines = text.split("\n").length;
  const marked = new Map<number, Problem["severity"]>();
  for (const p of problems) if (marked.get(p.line) !== "error") marked.set(p.line, p.severity);

  const show = (line: number, column: number): void => {
    const box = area.current;
    if (box === null) return;
    const rows = text.split("\n");
    const start = rows.slice(0, Math.max(0, line - 1)).reduce((sum, row) => sum + row.length + 1, 0);
    const at = start + Math.max(0, column - 1);
    box.focus();
    box.setSelectionRange(at, start + (rows[line - 1]?.length ?? 0));
    box.scrollTop = Math.max(0, (line - 4) * LINE);
    box.scrollIntoView({ block: "nearest" });
  };
  useEffect(() => {
    if (goTo !== undefined) show(goTo.line, goTo.column);
  }, [goTo]);

  const errors = problems.filter((p) => p.severity === "error").length;
  const warnings = problems.length - errors;
  return (
    <div className="text-editor">
      <div className="text-box">
        <div className="text-margin" ref={margin} aria-hidden="true">
          {Array.from({ length: lines }, (_, i) => (
            <span key={i} className={marked.get(i + 1)}>
              {marked.has(i + 1) ? (marked.get(i + 1) === "error" ? "✕" : "!") : ""} {i + 1}
            </span>
          ))}
        </div>
        <textarea
          ref={area}
          className="text-area"
          value={text}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          aria-label={words.textLabel}
          aria-invalid={errors > 0}
          aria-describedby={id}
          onChange={(event) => change(event.target.value)}
          onScroll={(event) => {
            if (margin.current !== null) margin.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <div id={id} role="status" className="text-problems">
        {problems.length === 0 ? (
          <p>{words.noProblems}</p>
        ) : (
          <>
            <p>
              {errors > 0 && <strong>{words.errors(errors)}</strong>}
              {errors > 0 && warnings > 0 && ", "}
              {warnings > 0 && words.warnings(warnings)}
            </p>
            <ol>
              {problems.slice(0, MOST_MESSAGES).map((p, i) => (
                <li key={i}>
                  <button type="button" className="button bare" onClick={() => show(p.line, p.column)}>
                    {words.at(p.line, p.field)}
                  </button>
                  <span className="small quiet">{p.severity === "error" ? words.error : words.warning}</span> <span>{p.message}</span>
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
    </div>
  );
}
