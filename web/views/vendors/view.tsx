import type { ViewProps } from "#web/app/views.ts";
import { Dossier } from "./dossier.tsx";
import { VendorTable } from "./list.tsx";
import "./vendors.css";

export default function View({ caseId, rest }: ViewProps) {
  const vendor = rest[0];
  return vendor === undefined ? <VendorTable caseId={caseId} /> : <Dossier key={vendor} caseId={caseId} vendor={vendor} />;
}
