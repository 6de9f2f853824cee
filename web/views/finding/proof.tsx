import { scrollable } from "#web/ui/scrollable.ts";
import type { Finding } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { ProofDrawing } from "#web/draw/proof.tsx";
import { GradeLabel, OutcomeMark, type Outcome } from "#web/ui/marks.tsx";
import { Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { finding as words_ } from "#web/words/finding.ts";
import { drawings } from "#web/words/drawings.ts";
import { Said } from "#web/ui/said.tsx";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";

/** Below 2^-128 nothing more is claimed (`method.md` §2). */
const LEAST_CHANCE_BITS = 128;

export function ProofPanel({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const { proof } = finding;
  return (
    <Section
      id="sure"
      title={words.proof}
      note={
        proof.direct ? undefined : (
          <>
            <Term name="bits" /> · <Term name="threshold" />
          </>
        )
      }
    >
      {proof.direct ? (
        <Direct finding={finding} />
      ) : (
        <>
          <ProofDrawing proof={proof} />
          <p className="prose">
            {proof.bits >= proof.threshold ? (
              <>
                {words.proofChance[0]}2<sup>−{Math.min(proof.bits, LEAST_CHANCE_BITS)}</sup>
                {words.proofChance[1]}
              </>
            ) : (
              words.proofBelow
            )}
          </p>
          <Steps finding={finding} />
        </>
      )}
      {finding.witnesses.length > 0 && (
        <>
          <h3>{words.witnesses}</h3>
          <ul className="also">
            {finding.witnesses.map((w, i) => (
              <li key={i}>
                <GradeLabel grade={w.grade} />{" "}
                <span>
                  <Said code={w.summaryCode} values={w.values}>
                    {w.summary}
                  </Said>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

const ACTS = ["sent", "accepted", "effected"] as const;

/** No arithmetic: how far the act was seen to go, one condition after the other. */
function Direct({ finding }: { readonly finding: Finding }) {
  const q = useQuantities();
  const words = useWords(words_);
  const reached = ACTS.indexOf(finding.act);
  const outcome = (i: number): Outcome => (i <= reached ? "good" : "unknown");
  if (!CLAIM_TRAITS[finding.claim].stepwise) return <p className="prose">{words.proofAbsence}</p>;
  return (
    <>
      <p className="prose">{words.proofDirect}</p>
      <ol className="reached">
        {ACTS.map((act, i) => (
          <li key={act} className={i <= reached ? undefined : "quiet"}>
            <OutcomeMark outcome={outcome(i)} /> {words.actSteps[act]}
            {q.colon} {i <= reached ? words.observed : words.notObserved}
          </li>
        ))}
      </ol>
    </>
  );
}

function Steps({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const q = useQuantities();
  const alt = useWords(drawings);
  const { steps } = finding.proof;
  // as the drawing numbers them where it has no room for words
  let counted = 0;
  const numbers = steps.map((s) => (s.kind === "credit" || s.kind === "deduction" ? ++counted : null));
  return (
    <div className="scroll-x" ref={scrollable}>
      <table className="table steps" aria-label={alt.proofAlt(q.count(finding.proof.bits), steps.length)}>
        <thead>
          <tr>
            <th scope="col">{words.step}</th>
            <th scope="col" className="num">
              {words.stepBits}
            </th>
            <th scope="col" className="num">
              {words.stepSum}
            </th>
            <th scope="col">{words.stepWhy}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((s, i) => (
            <tr key={i} className={s.kind === "bound" || s.kind === "score" ? "total" : undefined}>
              <th scope="row">
                {numbers[i] !== null && <span className="quiet">{numbers[i]} </span>}
                <Said code={s.code}>{s.label}</Said>
              </th>
              <td className="num">
                {s.kind === "credit" ? `+${q.bits(s.bits)}` : s.kind === "deduction" ? `−${q.bits(Math.abs(s.bits))}` : ""}
              </td>
              <td className="num">{q.bits(s.total)}</td>
              <td className="quiet">
                <Said code={s.becauseCode} values={s.becauseValues}>
                  {s.because}
                </Said>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
