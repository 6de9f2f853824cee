/** The place onto which captures are dropped, or chosen from a list. */
import { useRef, useState, type ReactNode } from "react";
import { useWords } from "#web/app/language.tsx";
import { upload as words_ } from "#web/words/upload.ts";
import "./upload.css";

interface Props {
  readonly take: (files: readonly File[]) => void;
  readonly disabled?: boolean;
  /** Below the first line: what may be dropped. */
  readonly note: string;
  readonly children?: ReactNode;
}

export function DropBox({ take, disabled = false, note, children }: Props) {
  const words = useWords(words_);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
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
        take([...event.dataTransfer.files]);
      }}
    >
      <p className="serif">{words.drop}</p>
      <p className="small quiet">{note}</p>
      <input
        ref={input}
        type="file"
        multiple
        className="visually-hidden"
        tabIndex={-1}
        aria-label={words.choose}
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <button type="button" className="button" onClick={() => input.current?.click()} disabled={disabled}>
        {words.choose}
      </button>
      {children}
    </div>
  );
}
