/** The queue, or one finding of it. */
import { lazy } from "react";
import type { ViewProps } from "#web/app/views.ts";
import { Queue } from "./queue.tsx";

const Finding = lazy(() => import("#web/views/finding/view.tsx"));

export default function View({ caseId, rest }: ViewProps) {
  const id = rest[0];
  return id === undefined ? <Queue caseId={caseId} /> : <Finding key={id} caseId={caseId} id={id} />;
}
