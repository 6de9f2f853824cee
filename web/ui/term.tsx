/** A word of the field that explains itself to a minister: on hover, on focus, on touch. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useWords } from "#web/app/language.tsx";
import { terms, type TermName } from "#web/words/terms.ts";

/** Room kept between the tip and the edge of the window, in pixels. */
const MARGIN = 12;

export function Term({ name, children }: { readonly name: TermName; readonly children?: ReactNode }) {
  const { word, meaning } = useWords(terms)[name];
  return (
    <Tip title={word} text={meaning}>
      {children ?? word}
    </Tip>
  );
}

export function Tip({ title, text, children }: { readonly title?: string; readonly text: ReactNode; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const tip = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const shown = tip.current;
    const anchor = button.current;
    if (!open || shown === null || anchor === null) return;
    shown.showPopover();
    const at = anchor.getBoundingClientRect();
    const size = shown.getBoundingClientRect();
    const left = Math.max(MARGIN, Math.min(at.left, window.innerWidth - size.width - MARGIN));
    const below = at.bottom + 6;
    const top = below + size.height > window.innerHeight - MARGIN ? Math.max(MARGIN, at.top - size.height - 6) : below;
    shown.style.left = `${left}px`;
    shown.style.top = `${top}px`;
    const close = () => setOpen(false);
    window.addEventListener("scroll", close, { capture: true, once: true });
    return () => window.removeEventListener("scroll", close, { capture: true });
  }, [open]);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="term"
        aria-expanded={open}
        aria-describedby={open ? id : undefined}
        onMouseEnter={() => setOpen(true)}
        onMouseLeave={() => setOpen(false)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") setOpen(false);
        }}
      >
        {children}
      </button>
      {open && (
        <span ref={tip} id={id} role="tooltip" className="tip" popover="manual">
          {title !== undefined && <b>{title}</b>}
          {text}
        </span>
      )}
    </>
  );
}
