import type { Finding } from "#serve/api/types.ts";
import { detailName, detailValue } from "#words/detail-words.ts";
import { BASE } from "#web/app/api.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import { useSession } from "#web/app/session.tsx";
import { CopyButton } from "#web/ui/copy.tsx";
import { Facts, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { finding as words_ } from "#web/words/finding.ts";
import { ranges } from "./ranges.ts";

/** Ranges of frames written out; the filter for Wireshark holds as many. */
const RANGES = 40;

export function Check({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const q = useQuantities();
  const { language } = useLanguage();
  const { session } = useSession();
  const base = `${BASE}/cases/${encodeURIComponent(finding.case)}`;
  const details = Object.entries(finding.details).filter(([, value]) => value !== "");
  return (
    <Section id="check" title={words.check}>
      <p className="row">
        <a className="button" href={`${base}/findings/${finding.id}/carved.pcapng`} download>
          {words.carved}
        </a>
        {session.features.bundle && (
          <a className="button" href={`${base}/bundle`} download>
            {words.bundleDo}
          </a>
        )}
        <Link className="button" href={address([finding.case, "evidence"])}>
          {words.verifyDo}
        </Link>
      </p>
      {finding.evidence.map((e) => {
        const found = ranges(e.frames);
        const shown = found.slice(0, RANGES);
        const filter = `frame.number in {${shown.map((r) => (r[0] === r[1] ? r[0] : `${r[0]}..${r[1]}`)).join(", ")}}`;
        return (
          <div key={e.capture} className="frames">
            <h3 className="file-name">
              {e.file ?? e.capture.slice(0, 16)}
              {e.point !== null && e.point !== e.file && <span className="quiet"> {e.point}</span>}
            </h3>
            <p className="small quiet mono hash">SHA-256 {e.capture}</p>
            <p className="frame-list">
              <span className="quiet small">
                {words.frames} ({q.count(e.framesTotal)}){q.colon}
              </span>{" "}
              <span className="mono">
                {shown.map((r) => (r[0] === r[1] ? `${r[0]}` : `${r[0]}–${r[1]}`)).join(", ")}
                {(found.length > RANGES || e.framesTotal > e.frames.length) && " …"}
              </span>
            </p>
            <CopyButton text={filter} label={words.filter} />
          </div>
        );
      })}
      <h3>{words.sources}</h3>
      <ul className="plain">
        {finding.sources.map((s) => (
          <li key={s}>{s}</li>
        ))}
      </ul>
      {details.length > 0 && (
        <details className="more">
          <summary>{words.details}</summary>
          <Facts
            items={details.map(([key, value]) => [
              detailName(key, language) ?? <span className="mono">{key}</span>,
              detailValue(key, value, language) ?? <span className="mono">{String(value)}</span>,
            ])}
          />
        </details>
      )}
    </Section>
  );
}
