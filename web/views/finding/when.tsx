import type { Timeline } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { laneName, TimelineDrawing } from "#web/draw/timeline.tsx";
import { Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useSaid } from "#web/ui/said.tsx";
import { drawings } from "#web/words/drawings.ts";
import { finding as words_ } from "#web/words/finding.ts";
import { Table } from "#web/ui/table.tsx";

/** Rows of the table beside the drawing. */
const MOST_ROWS = 300;

export function When({ base, messages }: { readonly base: string; readonly messages: string }) {
  const words = useWords(words_);
  const alt = useWords(drawings);
  const q = useQuantities();
  const say = useSaid();
  const loaded = useApi<Timeline>(`${base}/timeline`);
  return (
    <Section id="when" title={words.timeline} note="UTC">
      <p>
        <Link href={messages}>{words.toMessages}</Link>
      </p>
      <Ready loaded={loaded}>
        {(data) => (
          <>
            <TimelineDrawing timeline={data} />
            {data.more > 0 && <p className="figure-note">{words.timelineMore(q.count(data.more))}</p>}
            <details className="more">
              <summary>{words.asTable}</summary>
              <Table columns={[words.lane, words.what, words.from, words.to, { num: words.amount }]}>
                {data.lanes
                  .flatMap((lane, i) => [
                    ...lane.spans.map((s) => ({ lane: laneName(lane, i, alt), what: s.label, from: s.from, to: s.to, bytes: s.bytes })),
                    ...lane.marks.map((m) => ({
                      lane: laneName(lane, i, alt),
                      what: say(m.label, m.code, m.values),
                      from: m.at,
                      to: "",
                      bytes: null,
                    })),
                  ])
                  .slice(0, MOST_ROWS)
                  .map((row, i) => (
                    <tr key={i}>
                      <th scope="row">{row.lane}</th>
                      <td>{words.spans[row.what] ?? row.what}</td>
                      <td className="nowrap">{row.from.slice(11, 23)}</td>
                      <td className="nowrap">{row.to.slice(11, 23)}</td>
                      <td className="num nowrap">{row.bytes === null ? "" : q.bytes(row.bytes)}</td>
                    </tr>
                  ))}
              </Table>
            </details>
          </>
        )}
      </Ready>
    </Section>
  );
}
