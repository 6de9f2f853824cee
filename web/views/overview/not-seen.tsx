import type { Overview } from "#serve/api/types.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Absent, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { overview } from "#web/words/overview.ts";
import { Said } from "#web/ui/said.tsx";
import { Table } from "#web/ui/table.tsx";

/** Absence is as visible as presence. */
export function NotSeen({ data }: { readonly data: Overview }) {
  const words = useWords(overview);
  const shared = useShared();
  const q = useQuantities();
  const { gaps, undecided, notSeen, notSeenCodes, coveredInterceptions } = data.coverage;
  const nothing = gaps.length === 0 && undecided.length === 0 && notSeen.length === 0;
  return (
    <Section title={<Term name="gap">{words.notSeen}</Term>}>
      {nothing && <p className="prose">{words.notSeenNothing}</p>}
      {notSeen.length > 0 && (
        <ul className="not-seen">
          {notSeen.map((line, i) => (
            <li key={line}>
              <Said code={notSeenCodes[i]?.code} values={notSeenCodes[i]?.values}>
                {line}
              </Said>
            </li>
          ))}
        </ul>
      )}
      {gaps.length > 0 && (
        <Table columns={[words.gapKinds, words.where, words.when, { num: words.howMany }, words.why]}>
          {gaps.map((g, i) => (
            <tr key={i}>
              <th scope="row" className="nowrap">
                <span className="hatched swatch" aria-hidden="true" /> {words.gapNames[g.kind] ?? g.kind}
              </th>
              <td>{g.point ?? words.wholeRun}</td>
              <td className="nowrap">{q.period(g.from, g.to)}</td>
              <td className="num">{q.count(g.count)}</td>
              <td>
                <Said code={g.code} values={g.values}>
                  {g.why}
                </Said>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {undecided.length > 0 && (
        <>
          <h3>
            <Term name="undecided">{words.undecided}</Term>
          </h3>
          <ul className="not-seen">
            {undecided.map((u, i) => (
              <li key={i}>
                {shared.claims[u.claim].name} ({q.count(u.count)}){q.colon}{" "}
                <Said code={u.code} values={u.values}>
                  {u.why}
                </Said>
              </li>
            ))}
          </ul>
        </>
      )}
      {coveredInterceptions !== null && coveredInterceptions > 0 && <Absent>{words.covered(q.count(coveredInterceptions))}</Absent>}
    </Section>
  );
}
