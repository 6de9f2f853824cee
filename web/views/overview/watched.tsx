import { scrollable } from "#web/ui/scrollable.ts";
import { useId } from "react";
import type { Overview } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { axisTicks } from "#web/draw/axis.ts";
import { Hatch } from "#web/draw/hatch.tsx";
import "#web/draw/draw.css";
import { Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { overview } from "#web/words/overview.ts";

const WIDTH = 420;
const HEIGHT = 26;
const DAY = 86_400_000;

/** Each point's captured period and activity on one axis; what lies outside is hatched. */
export function Watched({ data }: { readonly data: Overview }) {
  const words = useWords(overview);
  const q = useQuantities();
  const from = millis(data.activity.from ?? data.case.first);
  const to = millis(data.activity.to ?? data.case.last);
  const span = from === null || to === null ? 0 : Math.max(1, to - from);
  const long = span > 2 * DAY;
  const ticks = from === null || to === null ? [] : axisTicks(from, to, span > 2 * DAY ? 3 : 4);
  return (
    <Section title={words.watched} note={words.watchedNote}>
      <div className="scroll-x" ref={scrollable}>
        <table className="table watched">
          <thead>
            <tr>
              <th scope="col">
                <Term name="point">{words.point}</Term>
              </th>
              <th scope="col">{words.capture}</th>
              <th scope="col" className="axis-cell">
                <svg width={WIDTH} height="16" aria-hidden="true" className="drawing-fixed">
                  {ticks.map((t) => {
                    const x = ((t - (from ?? 0)) / span) * WIDTH;
                    return (
                      <text key={t} x={x} y="11" textAnchor={x < 34 ? "start" : x > WIDTH - 34 ? "end" : "middle"}>
                        {long ? q.day(new Date(t).toISOString()) : q.clock(new Date(t).toISOString())}
                      </text>
                    );
                  })}
                </svg>
                <span className="visually-hidden">{words.period}</span>
              </th>
              <th scope="col" className="num">
                {words.packets}
              </th>
              <th scope="col" className="num">
                {words.volume}
              </th>
              <th scope="col" className="num">
                {words.cut}
              </th>
              <th scope="col" className="num">
                {words.malformed}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.captures.map((p, i) => (
              <tr key={`${p.file}/${p.name}/${i}`}>
                <th scope="row">
                  {p.name}{" "}
                  <span className="quiet small" title={p.complete ? words.complete : words.notComplete}>
                    {p.complete ? words.complete : ""}
                  </span>
                </th>
                <td className="mono">{p.file === p.name ? "" : p.file}</td>
                <td className="axis-cell">
                  <Strip point={p} from={from} span={span} />
                </td>
                <td className="num">{q.count(p.packets)}</td>
                <td className="num nowrap">{q.bytes(p.bytes)}</td>
                <td className={p.truncated > 0 ? "num" : "num quiet"}>{q.count(p.truncated)}</td>
                <td className={p.malformed > 0 ? "num" : "num quiet"}>{q.count(p.malformed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function millis(iso: string | null): number | null {
  const at = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}

function Strip({
  point,
  from,
  span,
}: {
  readonly point: Overview["captures"][number];
  readonly from: number | null;
  readonly span: number;
}) {
  const q = useQuantities();
  const id = useId();
  const [first, last] = [millis(point.first), millis(point.last)];
  const x = (t: number) => Math.max(0, Math.min(WIDTH, ((t - (from ?? 0)) / span) * WIDTH));
  // a short capture in a long period is still a mark
  const left = first === null ? 0 : Math.min(x(first), WIDTH - 3);
  const seen = first === null || last === null || from === null ? null : ([left, Math.max(x(last), left + 3)] as const);
  const words = useWords(overview);
  const most = Math.max(1, ...(point.activity ?? []));
  const slice = WIDTH / Math.max(1, point.activity?.length ?? 1);
  const busiest = point.activity?.indexOf(most) ?? -1;
  const period = q.period(point.first, point.last);
  const said =
    busiest < 0 || from === null || point.activity === null
      ? period
      : words.busiest(
          period,
          q.bytes(most),
          q.time(new Date(from + (busiest / point.activity.length) * span).toISOString()),
          q.seconds(span / point.activity.length / 1000),
        );
  return (
    <svg width={WIDTH} height={HEIGHT} className="drawing-fixed" role="img" aria-label={said}>
      <title>{said}</title>
      <defs>
        <Hatch id={id} />
      </defs>
      {seen === null ? (
        <rect width={WIDTH} height={HEIGHT} fill={`url(#${id})`} />
      ) : (
        <>
          <rect width={seen[0]} height={HEIGHT} fill={`url(#${id})`} />
          <rect x={seen[1]} width={Math.max(0, WIDTH - seen[1])} height={HEIGHT} fill={`url(#${id})`} />
          {point.activity?.map((bytes, i) =>
            bytes === 0 ? null : (
              <rect
                key={i}
                className="activity"
                x={i * slice}
                width={Math.max(0.75, slice - 0.5)}
                y={HEIGHT - 1 - Math.max(1.5, (bytes / most) * (HEIGHT - 5))}
                height={Math.max(1.5, (bytes / most) * (HEIGHT - 5))}
              />
            ),
          )}
          {point.activity === null && (
            <rect className="captured" x={seen[0] + 0.5} y={6.5} width={Math.max(1, seen[1] - seen[0] - 1)} height={HEIGHT - 13} />
          )}
          {point.activity !== null && <line className="axis" x1={seen[0]} x2={seen[1]} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />}
          {point.gaps.map((g, i) => {
            const [a, b] = [millis(g.from), millis(g.to)];
            return a === null || b === null ? null : (
              <rect key={i} x={x(a)} width={Math.max(2, x(b) - x(a))} height={HEIGHT} className="gap-ground" fill={`url(#${id})`} />
            );
          })}
        </>
      )}
    </svg>
  );
}
