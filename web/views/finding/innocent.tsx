import type { Finding } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { OutcomeMark, type Outcome } from "#web/ui/marks.tsx";
import { Absent, Section } from "#web/ui/page.tsx";
import { Term } from "#web/ui/term.tsx";
import { finding as words_ } from "#web/words/finding.ts";
import { Said } from "#web/ui/said.tsx";
import { Table } from "#web/ui/table.tsx";

type Status = Finding["ruledOut"][number]["status"];
const RANK: Readonly<Record<Status, number>> = { supported: 0, untestable: 1, excluded: 2 };
const OUTCOME: Readonly<Record<Status, Outcome>> = { supported: "good", untestable: "unknown", excluded: "neutral" };

/** What speaks for the accused stands first. */
export function Innocent({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const sorted = finding.ruledOut.toSorted((a, b) => RANK[a.status] - RANK[b.status]);
  const count = (status: Status) => finding.ruledOut.filter((e) => e.status === status).length;
  return (
    <Section id="innocent" title={words.innocent} note={words.innocentCount(count("excluded"), count("supported"), count("untestable"))}>
      {sorted.length === 0 ? (
        <Absent>{words.innocentNone}</Absent>
      ) : (
        <Table kind="innocent" columns={[words.outcome, words.explanation, words.because]}>
          {sorted.map((e, i) => (
            <tr key={i}>
              <td className="nowrap">
                <span className="marked">
                  <OutcomeMark outcome={OUTCOME[e.status]} />
                  <Term name={e.status}>{words.outcomes[e.status]}</Term>
                </span>
              </td>
              <th scope="row">
                <Said code={e.code}>{e.explanation}</Said>
              </th>
              <td>
                <Said code={e.becauseCode} values={e.becauseValues}>
                  {e.because}
                </Said>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

const PREMISE: Readonly<Record<Finding["premises"][number]["status"], Outcome>> = {
  verified: "good",
  declared: "neutral",
  assumed: "unknown",
};

export function Premises({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  return (
    <Section id="premises" title={<Term name="premise">{words.premises}</Term>}>
      <Table kind="premises" columns={[words.premiseStatus, words.premise]}>
        {finding.premises.map((p) => (
          <tr key={p.id}>
            <td className="nowrap">
              <span className="marked">
                <OutcomeMark outcome={PREMISE[p.status]} />
                {words.premiseStatuses[p.status]}
              </span>
            </td>
            <td>
              <Said code={p.code} values={p.values}>
                {p.statement}
              </Said>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
