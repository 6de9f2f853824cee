import type { Finding } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { WayDrawing } from "#web/draw/way.tsx";
import { Section } from "#web/ui/page.tsx";
import { Term } from "#web/ui/term.tsx";
import { finding as words_ } from "#web/words/finding.ts";
import { Said } from "#web/ui/said.tsx";
import { Table } from "#web/ui/table.tsx";

export function WaySection({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const { way } = finding;
  const stations = way.branch === null ? way.path : [...way.path, way.branch.to];
  return (
    <Section id="way" title={<Term name="way">{words.way}</Term>}>
      <WayDrawing way={way} claim={finding.claim} subscribers={finding.subscribers.count} />
      {way.notes.map((note) => (
        <p key={note} className="figure-note">
          <Said>{note}</Said>
        </p>
      ))}
      <details className="more">
        <summary>{words.asTable}</summary>
        <Table columns={[words.station, words.stationDetail, words.address]}>
          {stations.map((s, i) => (
            <tr key={`${s.id}${i}`}>
              <th scope="row">{s.kind === "destination" ? words.stations.destination : s.label}</th>
              <td>
                {words.stations[s.kind]}
                {s.kind !== "destination" && s.kind !== "subscriber" && s.detail !== null && `, ${s.detail}`}
                {i === way.leavesAt && way.branch !== null && <strong className="vermilion"> {words.leaves}</strong>}
              </td>
              <td className="mono">{s.address ?? "–"}</td>
            </tr>
          ))}
        </Table>
      </details>
    </Section>
  );
}
