import { useState } from "react";
import { useWords } from "#web/app/language.tsx";
import { useQuantities } from "./quantity.ts";
import { finding } from "#web/words/finding.ts";

/** Puts a text on the clipboard; where the browser refuses, the text stands there to be marked. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const words = useWords(finding);
  const q = useQuantities();
  const [done, setDone] = useState<"no" | "yes" | "refused">("no");
  return (
    <span className="copy">
      <button
        type="button"
        className="button"
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => setDone("yes"),
            () => setDone("refused"),
          );
        }}
      >
        {label}
        {q.colon} {done === "yes" ? words.copied : words.copyIt}
      </button>
      {done === "refused" && (
        <input className="box mono" readOnly value={text} aria-label={label} onFocus={(event) => event.target.select()} />
      )}
    </span>
  );
}
