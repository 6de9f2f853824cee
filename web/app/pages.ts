/** Lists that the server gives page by page (`cursor`, `limit`): read on as the reader scrolls. */
import { useCallback, useEffect, useRef, useState } from "react";
import { get, useApi } from "./api.ts";

interface Page<T> {
  readonly total: number;
  readonly next: string | null;
  readonly items: readonly T[];
}

export interface Paged<T, P extends Page<T>> {
  /** The first page with what only it tells. */
  readonly first: P | undefined;
  readonly items: readonly T[];
  readonly error: Error | undefined;
  readonly loading: boolean;
  /** Tell it which rows are on screen. */
  readonly onRange: (first: number, last: number) => void;
  /** Changes rows in place, until they are read again. */
  readonly patch: (change: (item: T) => T) => void;
  readonly reload: () => void;
}

/** Rows before the end at which the next page is asked for. */
const AHEAD = 120;
/** Pages read again when the server says that the list changed; what lies further is read when it is scrolled to. */
const READ_AGAIN = 10;

interface State<T> {
  readonly path: string;
  readonly items: readonly T[];
  readonly next: string | null;
  readonly pages: number;
}

export function usePages<T, P extends Page<T>>(path: string): Paged<T, P> {
  const loaded = useApi<P>(path);
  const [state, setState] = useState<State<T>>();
  const [error, setError] = useState<Error>();
  const reading = useRef(false);
  const first = loaded.data;

  const more = useCallback(
    (cursor: string) => get<P>(`${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`),
    [path],
  );

  useEffect(() => {
    if (first === undefined) return;
    let current = true;
    const had = Math.min(READ_AGAIN, state?.path === path ? state.pages : 1);
    void (async () => {
      let next: State<T> = { path, items: first.items, next: first.next, pages: 1 };
      // as much as was there before, so that the list does not jump under the reader
      for (let i = 1; i < had && next.next !== null; i++) {
        const page: P | undefined = await more(next.next).catch(() => undefined);
        if (page === undefined) break;
        next = { path, items: [...next.items, ...page.items], next: page.next, pages: i + 1 };
      }
      if (current) setState(next);
    })();
    return () => {
      current = false;
    };
    // `state` is what was there before, not a reason to read
  }, [first, path, more]);

  const onRange = useCallback(
    (_first: number, last: number) => {
      if (state === undefined || state.path !== path || state.next === null || reading.current || last < state.items.length - AHEAD) return;
      reading.current = true;
      more(state.next).then(
        (page) => {
          reading.current = false;
          setError(undefined);
          setState((now) =>
            now === undefined || now.path !== path || now.next !== state.next
              ? now
              : { path, items: [...now.items, ...page.items], next: page.next, pages: now.pages + 1 },
          );
        },
        (e: unknown) => {
          reading.current = false;
          setError(e instanceof Error ? e : new Error(String(e)));
        },
      );
    },
    [state, path, more],
  );
  const patch = useCallback(
    (change: (item: T) => T) => setState((now) => (now === undefined ? now : { ...now, items: now.items.map(change) })),
    [],
  );
  const items = state?.path === path ? state.items : (first?.items ?? []);
  return { first, items, error: loaded.error ?? error, loading: loaded.loading, onRange, patch, reload: loaded.reload };
}
