/** One finding: what happened, how sure, to whom, what else it could have been, how to check it, what people make of it. */
import type { Finding } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useKeys } from "#web/app/keyboard.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address, navigate } from "#web/app/router.ts";
import { GradeLabel } from "#web/ui/marks.tsx";
import { Page, Ready } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import type { Words } from "#words/words.ts";
import { left } from "#web/views/findings/memory.ts";
import { finding as words_ } from "#web/words/finding.ts";
import { Casework } from "./casework.tsx";
import { ActFacts } from "./facts.tsx";
import { Check } from "./check.tsx";
import { Discussion } from "./discussion.tsx";
import { Innocent, Premises } from "./innocent.tsx";
import { Pairs } from "./pairs.tsx";
import { ProofPanel } from "./proof.tsx";
import { Share } from "./share.tsx";
import { When } from "./when.tsx";
import { WaySection } from "./way.tsx";
import "./finding.css";
import { useSaid } from "#web/ui/said.tsx";

export default function View({ caseId, id }: { readonly caseId: string; readonly id: string }) {
  const loaded = useApi<Finding>(`/cases/${encodeURIComponent(caseId)}/findings/${encodeURIComponent(id)}`);
  return <Ready loaded={loaded}>{(data) => <Shown finding={data} reload={loaded.reload} />}</Ready>;
}

function Shown({ finding, reload }: { readonly finding: Finding; readonly reload: () => void }) {
  const words = useWords(words_);
  const shared = useShared();
  const say = useSaid();
  const q = useQuantities();
  const list = `${address([finding.case, "findings"])}${left.search}`;
  const to = (id: string | null) => {
    if (id !== null) navigate(address([finding.case, "findings", id]));
  };
  useKeys({
    j: () => to(finding.next),
    k: () => to(finding.previous),
    Escape: () => {
      left.id = finding.id;
      navigate(list);
    },
  });
  const base = `/cases/${encodeURIComponent(finding.case)}/findings/${finding.id}`;
  // an act of one element alone has no way to draw
  const drawn = finding.way.branch !== null || finding.way.path.length > 1;
  const sections = [
    ["sure", words.proof],
    ...(drawn ? ([["way", words.way]] as const) : []),
    ["innocent", words.innocent],
    ["premises", words.premises],
    ["pairs", words.pairs],
    ["when", words.timeline],
    ["check", words.check],
    ["discussion", words.discussion],
    ["share", words.share],
  ] as const;
  const summary = say(finding.summary, finding.summaryCode, finding.values);
  const place = finding.element.name ?? finding.element.address ?? "–";
  return (
    <div className="dossier">
      <Page
        title={finding.standing === "given" ? `${shared.ifRight}${decapitalise(summary)}` : summary}
        aside={
          <div className="dossier-head">
            <nav className="row small" aria-label={words.toList}>
              <Link href={list} onClick={() => (left.id = finding.id)}>
                {words.toList}
              </Link>
              {finding.previous !== null && <Link href={address([finding.case, "findings", finding.previous])}>{words.previous}</Link>}
              {finding.next !== null && <Link href={address([finding.case, "findings", finding.next])}>{words.next}</Link>}
            </nav>
            <p className="dossier-claim">
              <span className={finding.grade === "proven" ? "vermilion" : undefined}>
                <GradeLabel grade={finding.grade} explain />
              </span>
              <span className="quiet">{shared.claims[finding.claim].name}</span>
              <span className="mono quiet">{finding.id.slice(0, 12)}</span>
            </p>
          </div>
        }
        lede={`${shared.claims[finding.claim].asserts} ${attribution(finding, place, shared)}`}
      >
        <ActFacts finding={finding} />
        <ProofPanel finding={finding} />
        {drawn && <WaySection finding={finding} />}
        <Innocent finding={finding} />
        <Premises finding={finding} />
        <Pairs base={base} />
        <When base={base} messages={address([finding.case, "explorer"], { finding: finding.id })} />
        <Check finding={finding} />
        <Discussion finding={finding} base={base} changed={reload} />
        <Share finding={finding} />
      </Page>
      <aside className="dossier-margin">
        <Casework finding={finding} changed={reload} />
        <nav aria-label={words.contents} className="small">
          <h2 className="margin-title">{words.contents}</h2>
          <ol>
            {sections.map(([anchor, label]) => (
              <li key={anchor}>
                <a href={`#${anchor}`}>{label}</a>
              </li>
            ))}
          </ol>
        </nav>
        <p className="small quiet">
          <Term name="standing">{words.standing}</Term>
          {q.colon} {words.standings[finding.standing]}
        </p>
      </aside>
    </div>
  );
}

/** The fixed statement of `method.md` §3. Only a copy "left"; of other acts it is said in words that fit them. */
function attribution(finding: Finding, place: string, shared: Words): string {
  return finding.place === null ? shared.report.attributionOther(place) : shared.report.attribution(finding.place, place);
}

/** "992 packets …" and names stay as they are; only an article or pronoun would begin small. */
function decapitalise(text: string): string {
  return /^(A|An|The|Nobody|Somebody|Data|Traffic|Un|Une|Le|La|Les|Du|Des|Nul|Rien)\b/.test(text)
    ? `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
    : text;
}
