import { useEffect, useRef } from "react";
import { shell } from "#web/words/shell.ts";
import { useWords } from "./language.tsx";
import { VIEWS } from "./views.ts";

/** What the keys do. */
export function Help({ close }: { readonly close: () => void }) {
  const words = useWords(shell);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const rows: readonly (readonly [readonly string[], string])[] = [
    [["j", "k"], words.keyMove],
    [["Enter"], words.keyOpen],
    [["x"], words.keySelect],
    [["Esc"], words.keyBack],
    [["/"], words.keySearch],
    [["?"], words.keyHelp],
    ...VIEWS.map((v) => [["g", v.letter], words.keyGo(words.views[v.id])] as const),
    [["g", "c"], words.keyGo(words.cases)],
  ];
  return (
    <dialog ref={dialog} className="sheet" onClose={close} aria-labelledby="keys-title">
      <h2 id="keys-title">{words.keysTitle}</h2>
      <dl className="keys">
        {rows.map(([keys, does]) => (
          <div key={keys.join(" ")}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" autoFocus onClick={() => dialog.current?.close()}>
        {words.close}
      </button>
    </dialog>
  );
}
