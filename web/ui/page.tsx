/** The parts every view is made of. */
import { useEffect, useId, type ReactNode } from "react";
import { useWords } from "#web/app/language.tsx";
import { ApiError, type Loaded } from "#web/app/api.ts";
import { shell } from "#web/words/shell.ts";

/** A view: its title also names the window. */
export function Page({
  title,
  lede,
  aside,
  children,
}: {
  readonly title: string;
  readonly lede?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Tapproof`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        {aside}
        <h1>{title}</h1>
        {lede !== undefined && <p className="lede">{lede}</p>}
      </header>
      {children}
    </div>
  );
}

export function Section({
  title,
  note,
  children,
  id,
}: {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly children: ReactNode;
  readonly id?: string;
}) {
  const generated = useId();
  const heading = id ?? generated;
  return (
    <section className="section" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {note !== undefined && <p className="small">{note}</p>}
      </header>
      {children}
    </section>
  );
}

/** Names and values. A value that is null or undefined is left out. */
export function Facts({ items }: { readonly items: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className="facts">
      {items.map(([name, value], index) =>
        value === null || value === undefined ? null : (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** What is not there, said plainly. */
export function Absent({ children }: { readonly children: ReactNode }) {
  return (
    <div className="absent">
      <p>{children}</p>
    </div>
  );
}

export function Trouble({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const words = useWords(shell);
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <div className="trouble" role="alert">
      <p className="serif">{offline ? words.offline : words.refused}</p>
      {!offline && <p>{error.message}</p>}
      {error instanceof ApiError && error.todo !== "" && <p className="quiet">{error.todo}</p>}
      {retry !== undefined && (
        <button type="button" className="button" onClick={retry}>
          {words.again}
        </button>
      )}
    </div>
  );
}

/** Shows what was loaded; the error, where there is one; nothing for the instant before (no spinner for what takes 50 ms). */
export function Ready<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T> & { readonly reload?: () => void };
  readonly children: (data: T) => ReactNode;
}) {
  const words = useWords(shell);
  if (loaded.data !== undefined)
    return (
      <>
        {loaded.error !== undefined && <Trouble error={loaded.error} {...(loaded.reload === undefined ? {} : { retry: loaded.reload })} />}
        {children(loaded.data)}
      </>
    );
  if (loaded.error !== undefined)
    return <Trouble error={loaded.error} {...(loaded.reload === undefined ? {} : { retry: loaded.reload })} />;
  return (
    <p className="quiet" aria-live="polite">
      {words.reading}
    </p>
  );
}
