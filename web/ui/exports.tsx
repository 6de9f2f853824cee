/** Reports and exports of a case, as the terminal makes them (`tapproof report --format`). */
import { BASE } from "#web/app/api.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { watchQueue } from "#web/app/queue.ts";
import { useSession } from "#web/app/session.tsx";
import { Absent } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { finding as words_ } from "#web/words/finding.ts";

const EXPORTS = [
  ["stix", "STIX 2.1"],
  ["case", "CASE/UCO"],
  ["ocsf", "OCSF"],
  ["misp", "MISP"],
  ["eve", "EVE JSON"],
  ["syslog", "syslog"],
  ["zeek", "Zeek"],
  ["csv", "CSV"],
] as const;

export function Exports({ caseId }: { readonly caseId: string }) {
  const words = useWords(words_);
  const { language } = useLanguage();
  const q = useQuantities();
  const { session } = useSession();
  const report = `${BASE}/cases/${encodeURIComponent(caseId)}/report?lang=${language}&format=`;
  if (!session.features.report)
    return (
      <Absent>
        {words.reports}
        {q.colon} {words.notHere}
      </Absent>
    );
  return (
    <>
      <p className="row">
        <span>{words.reports}</span>
        <a className="button" href={`${report}html`} target="_blank" rel="noreferrer" onClick={watchQueue}>
          HTML
        </a>
        <a className="button" href={`${report}pdf`} download onClick={watchQueue}>
          PDF
        </a>
      </p>
      <p className="row">
        <span>{words.exports}</span>
        {EXPORTS.map(([format, name]) => (
          <a key={format} className="button" href={`${report}${format}`} download onClick={watchQueue}>
            {name}
          </a>
        ))}
      </p>
    </>
  );
}
