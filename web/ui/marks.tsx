/** Grades and outcomes, told by form before colour. */
import type { Grade } from "#model/finding.ts";
import { useShared } from "#web/app/language.tsx";
import { Term } from "./term.tsx";

/** Outlined, half filled, filled: indication, corroborated, proven. */
export function GradeMark({ grade, title }: { readonly grade: Grade; readonly title?: string }) {
  return (
    <svg
      className="mark"
      viewBox="0 0 10 10"
      role={title === undefined ? undefined : "img"}
      aria-hidden={title === undefined}
      aria-label={title}
    >
      {grade === "proven" && <rect x="0.75" y="0.75" width="8.5" height="8.5" fill="currentColor" />}
      {grade === "corroborated" && <path d="M0.75 9.25V0.75L9.25 9.25Z" fill="currentColor" />}
      <rect x="0.75" y="0.75" width="8.5" height="8.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

export function GradeLabel({ grade, explain = false }: { readonly grade: Grade; readonly explain?: boolean }) {
  const word = useShared().grades[grade];
  return (
    <span className="graded">
      <GradeMark grade={grade} />
      {explain ? <Term name={grade}>{word}</Term> : word}
    </span>
  );
}

export type Outcome = "good" | "bad" | "unknown" | "neutral";

/** A tick, a filled square, a hatched square, a dash. What is broken or supported stands out; what nobody could see is hatched. */
export function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  return (
    <svg className={outcome === "bad" ? "mark vermilion" : "mark"} viewBox="0 0 10 10" aria-hidden="true">
      {outcome === "good" && <path d="M1 5.4 3.9 8.4 9.2 1.8" fill="none" stroke="currentColor" strokeWidth="1.6" />}
      {outcome === "bad" && <path d="M1.4 1.4 8.6 8.6M8.6 1.4 1.4 8.6" fill="none" stroke="currentColor" strokeWidth="1.9" />}
      {outcome === "neutral" && <path d="M1 5h8" fill="none" stroke="currentColor" strokeWidth="1.5" />}
      {outcome === "unknown" && (
        <path
          d="M.75.75h8.5v8.5H.75zM.75 3.6 3.6.75M.75 6.4 6.4.75M.75 9.25l8.5-8.5M3.6 9.25 9.25 3.6M6.4 9.25 9.25 6.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="0.8"
        />
      )}
    </svg>
  );
}
