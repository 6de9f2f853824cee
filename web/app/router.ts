/** Where the reader is: path and filters, all in the address, so that a colleague who opens it sees the same. */
import { useCallback, useSyncExternalStore } from "react";

export interface Place {
  /** Segments of the path, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly hash: string;
}

const listeners = new Set<() => void>();
let current = read();

function read(): Place {
  const { pathname, search, hash } = window.location;
  const path = pathname.split("/").filter((segment) => segment !== "");
  return { path: path.map(decode), query: new URLSearchParams(search), hash: hash.slice(1) };
}

/** A malformed escape stays as it is written. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function changed(): void {
  current = read();
  for (const listener of listeners) listener();
}
window.addEventListener("popstate", changed);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => current);
}

/** `replace` for what belongs to one step of reading (a filter typed letter by letter); scrolls up when the path changes. */
export function navigate(href: string, how: { readonly replace?: boolean } = {}): void {
  const before = window.location.pathname;
  if (how.replace === true) window.history.replaceState(null, "", href);
  else window.history.pushState(null, "", href);
  changed();
  if (window.location.pathname !== before && window.location.hash === "") window.scrollTo(0, 0);
}

/** An address within the application; empty filters are left out. */
export function address(path: readonly string[], query: Readonly<Record<string, string | null | undefined>> = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") parameters.set(key, value);
  const text = parameters.toString();
  return `/${path.map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

/** The filters of this view, and a function that changes some of them (null takes one out). */
export function useQuery(): readonly [URLSearchParams, (change: Readonly<Record<string, string | null>>, replace?: boolean) => void] {
  const { query } = usePlace();
  const set = useCallback((change: Readonly<Record<string, string | null>>, replace = false) => {
    const next = new URLSearchParams(window.location.search);
    for (const [key, value] of Object.entries(change)) {
      if (value === null || value === "") next.delete(key);
      else next.set(key, value);
    }
    const text = next.toString();
    navigate(`${window.location.pathname}${text === "" ? "" : `?${text}`}`, { replace });
  }, []);
  return [query, set];
}
