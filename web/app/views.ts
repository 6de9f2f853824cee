/** Every view: its place in the address, its letter after `g`, and the code that draws it, loaded when it is first opened. */
import { lazy, type ComponentType } from "react";

export interface ViewProps {
  /** `all` joins every open case. */
  readonly caseId: string;
  /** Segments of the address behind the view's own. */
  readonly rest: readonly string[];
}

export interface ViewEntry {
  readonly id: ViewId;
  readonly letter: string;
  readonly View: ComponentType<ViewProps>;
  /** Begins to load the view's code before it is shown. */
  readonly load: () => Promise<unknown>;
  /** Works on one case only, not on `all`. */
  readonly single: boolean;
}

export const VIEW_IDS = [
  "overview",
  "findings",
  "explorer",
  "exposure",
  "register",
  "vendors",
  "evidence",
  "handsets",
  "declaration",
  "upload",
] as const;
export type ViewId = (typeof VIEW_IDS)[number];

interface Source {
  readonly id: ViewId;
  readonly letter: string;
  readonly single: boolean;
  readonly load: () => Promise<{ readonly default: ComponentType<ViewProps> }>;
}

const SOURCES: readonly Source[] = [
  { id: "overview", letter: "o", single: true, load: () => import("#web/views/overview/view.tsx") },
  { id: "findings", letter: "f", single: false, load: () => import("#web/views/findings/view.tsx") },
  { id: "explorer", letter: "x", single: true, load: () => import("#web/views/explorer/view.tsx") },
  { id: "exposure", letter: "e", single: false, load: () => import("#web/views/exposure/view.tsx") },
  { id: "register", letter: "r", single: true, load: () => import("#web/views/register/view.tsx") },
  { id: "vendors", letter: "v", single: false, load: () => import("#web/views/vendors/view.tsx") },
  { id: "evidence", letter: "l", single: true, load: () => import("#web/views/evidence/view.tsx") },
  { id: "handsets", letter: "h", single: true, load: () => import("#web/views/handsets/view.tsx") },
  { id: "declaration", letter: "d", single: true, load: () => import("#web/views/editor/view.tsx") },
  { id: "upload", letter: "u", single: true, load: () => import("#web/views/upload/view.tsx") },
];

export const VIEWS: readonly ViewEntry[] = SOURCES.map((source) => ({ ...source, View: lazy(source.load) }));
