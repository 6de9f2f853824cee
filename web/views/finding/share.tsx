import type { Finding } from "#serve/api/types.ts";
import { BASE } from "#web/app/api.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { useSession } from "#web/app/session.tsx";
import { CopyButton } from "#web/ui/copy.tsx";
import { Absent, Section } from "#web/ui/page.tsx";
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

export function Share({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const { language } = useLanguage();
  const q = useQuantities();
  const { session } = useSession();
  const report = `${BASE}/cases/${encodeURIComponent(finding.case)}/report?lang=${language}&format=`;
  return (
    <Section id="share" title={words.share}>
      <p>
        <CopyButton text={`${window.location.origin}${window.location.pathname}`} label={words.link} />
      </p>
      {session.features.report ? (
        <>
          <p className="row">
            <span>{words.reports}</span>
            <a className="button" href={`${report}html`} target="_blank" rel="noreferrer">
              HTML
            </a>
            <a className="button" href={`${report}pdf`} download>
              PDF
            </a>
          </p>
          <p className="row">
            <span>{words.exports}</span>
            {EXPORTS.map(([format, name]) => (
              <a key={format} className="button" href={`${report}${format}`} download>
                {name}
              </a>
            ))}
          </p>
        </>
      ) : (
        <Absent>
          {words.reports}
          {q.colon} {words.notHere}
        </Absent>
      )}
    </Section>
  );
}
