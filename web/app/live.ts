/** What the server tells by itself (server-sent events): answers that changed are read again. */
import { useSyncExternalStore } from "react";
import type { ServerEvent } from "#serve/api/types.ts";
import { BASE, invalidate } from "./api.ts";

/** Changes that come close together are read once. */
const GATHER_MILLIS = 250;

let connected = false;
const watchers = new Set<() => void>();
const hearers = new Set<(event: ServerEvent) => void>();
const changed = new Set<string>();
let timer: number | undefined;

function setConnected(value: boolean): void {
  if (connected === value) return;
  connected = value;
  for (const watcher of watchers) watcher();
}

function gather(caseId: string): void {
  changed.add(caseId);
  timer ??= window.setTimeout(() => {
    timer = undefined;
    const ids = [...changed].map(encodeURIComponent);
    changed.clear();
    // the list, each case's summary and everything under it; `all` joins them
    invalidate((path) => path === "/cases" || ["all", ...ids].some((id) => path === `/cases/${id}` || path.startsWith(`/cases/${id}/`)));
  }, GATHER_MILLIS);
}

function heard(message: MessageEvent<string>): void {
  let event: ServerEvent;
  try {
    event = JSON.parse(message.data) as ServerEvent;
  } catch {
    return;
  }
  if (event.kind === "case") gather(event.case);
  for (const hearer of hearers) hearer(event);
}

/** Once the session stands. The browser connects again by itself. */
export function listen(): () => void {
  const source = new EventSource(`${BASE}/events`);
  source.addEventListener("open", () => setConnected(true));
  source.addEventListener("error", () => setConnected(false));
  for (const kind of ["hello", "case", "scan"]) source.addEventListener(kind, heard);
  return () => {
    source.close();
    setConnected(false);
  };
}

/** Calls `hearer` with each event; returns what ends it. */
export function onEvent(hearer: (event: ServerEvent) => void): () => void {
  hearers.add(hearer);
  return () => hearers.delete(hearer);
}

export function useConnected(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => connected,
  );
}
