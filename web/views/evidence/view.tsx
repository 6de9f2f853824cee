import type { ViewProps } from "#web/app/views.ts";
import { Absent } from "#web/ui/page.tsx";

export default function View({ caseId }: ViewProps) {
  return <Absent>{caseId}</Absent>;
}
