/** Reading and changing what the server holds. Answers are kept, shown at once on return, and read again when the server says they changed. */
import { useCallback, useEffect, useSyncExternalStore } from "react";

import type { ApiError as ErrorBody, Session } from "#serve/api/types.ts";

export const BASE = "/api/v1";

/** The server refused, or could not be reached (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  /** What to do about it, where the server says so. */
  readonly todo: string;
  constructor(status: number, body: ErrorBody["error"]) {
    super(body.where === "" ? body.what : `${body.what} (${body.where})`);
    this.status = status;
    this.code = body.code;
    this.todo = body.todo;
  }
}

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
}

interface Entry {
  state: Loaded<unknown>;
  readonly listeners: Set<() => void>;
  /** Counts reads, so that an answer that comes late does not replace a newer one. */
  turn: number;
  stale: boolean;
}

/** Answers kept beyond those on screen; the oldest go first. */
const KEPT = 200;
const entries = new Map<string, Entry>();
const NOTHING: Loaded<unknown> = { data: undefined, error: undefined, loading: true };

async function refusal(response: Response): Promise<ErrorBody["error"]> {
  try {
    const body = (await response.json()) as Partial<ErrorBody>;
    if (body.error !== undefined) return body.error;
  } catch {
    // no JSON: the status line says what there is to say
  }
  return { code: "http", what: `${response.status} ${response.statusText}`, where: "", todo: "" };
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${BASE}${path}`, { credentials: "same-origin", ...init });
  } catch {
    throw new ApiError(0, { code: "offline", what: "no answer", where: "", todo: "" });
  }
  if (!response.ok) throw new ApiError(response.status, await refusal(response));
  return response;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, { headers: { accept: "application/json" }, ...(signal === undefined ? {} : { signal }) });
  return (await response.json()) as T;
}

/** Of the session: goes with everything that changes something. */
let csrf = "";

/** The first call: it sets the cookie that everything else needs. */
export async function openSession(): Promise<Session> {
  const session = await get<Session>("/session");
  csrf = session.csrf;
  return session;
}

export function renewed(session: Session): Session {
  csrf = session.csrf;
  return session;
}

/** A request that takes longer may wait its turn. */
const SLOW_MILLIS = 700;
const slow = new Set<() => void>();

/** Calls `hearer` whenever a request that changes something, or makes something, takes long. */
export function onSlow(hearer: () => void): void {
  slow.add(hearer);
}

/** Changes something; `path` is under `/api/v1`. A body that is no `Blob` or `FormData` goes as JSON. Undefined where the server answers without a body. */
export async function send<T>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const raw = body instanceof Blob || body instanceof FormData;
  const timer = window.setTimeout(() => {
    for (const hearer of slow) hearer();
  }, SLOW_MILLIS);
  const response = await request(path, {
    method,
    headers: {
      accept: "application/json",
      "x-tapproof-csrf": csrf,
      ...(raw || body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  }).finally(() => window.clearTimeout(timer));
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function entry(path: string): Entry {
  let found = entries.get(path);
  if (found === undefined) {
    found = { state: NOTHING, listeners: new Set(), turn: 0, stale: true };
    entries.set(path, found);
    if (entries.size > KEPT)
      for (const [key, old] of entries)
        if (old.listeners.size === 0 && old !== found) {
          entries.delete(key);
          break;
        }
  }
  return found;
}

function settle(held: Entry, state: Loaded<unknown>): void {
  held.state = state;
  for (const listener of held.listeners) listener();
}

async function load(path: string): Promise<void> {
  const held = entry(path);
  held.stale = false;
  const turn = ++held.turn;
  if (!held.state.loading) settle(held, { ...held.state, loading: true });
  try {
    const data = await get<unknown>(path);
    if (held.turn === turn) settle(held, { data, error: undefined, loading: false });
  } catch (error) {
    if (held.turn !== turn) return;
    held.stale = true;
    settle(held, { data: held.state.data, error: error instanceof Error ? error : new Error(String(error)), loading: false });
  }
}

/** What the server answers to `path` (under `/api/v1`); null reads nothing. */
export function useApi<T>(path: string | null): Loaded<T> & { readonly reload: () => void } {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (path === null) return () => undefined;
      const held = entry(path);
      held.listeners.add(listener);
      return () => held.listeners.delete(listener);
    },
    [path],
  );
  const state = useSyncExternalStore(subscribe, () => (path === null ? NOTHING : entry(path).state)) as Loaded<T>;
  useEffect(() => {
    if (path !== null && entry(path).stale) void load(path);
  }, [path]);
  const reload = useCallback(() => {
    if (path !== null) void load(path);
  }, [path]);
  return { ...state, reload };
}

/** These answers have changed: what is on screen is read again, the rest when it is next wanted. */
export function invalidate(which: (path: string) => boolean): void {
  for (const [path, held] of entries) {
    if (!which(path)) continue;
    held.stale = true;
    if (held.listeners.size > 0) void load(path);
  }
}
