import { scrollable } from "#web/ui/scrollable.ts";
import { useId } from "react";
import type { Overview } from "#serve/api/types.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { timeTicks } from "#web/draw/axis.ts";
import { TimeTicks } from "#web/draw/time-ticks.tsx";
import { Hatch } from "#web/draw/hatch.tsx";
import "#web/draw/draw.css";
import { Section } from "#web/ui/page.tsx";
import { useMedia } from "#web/ui/media.ts";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { useWidth } from "#web/ui/width.ts";
import { overview } from "#web/words/overview.ts";

/** Pixels of the axis where it has a column of its own. */
const COLUMN = 420;
const HEIGHT = 26;
const SIZE = 10.5;

/** Each point's captured period and activity on one axis; what lies outside is hatched. */
export function Watched({ data }: { readonly data: Overview }) {
  const words = useWords(overview);
  const q = useQuantities();
  const from = millis(data.activity.from ?? data.case.first);
  const to = millis(data.activity.to ?? data.case.last);
  const span = from === null || to === null ? 0 : Math.max(1, to - from);
  const { language } = useLanguage();
  // on a narrow screen the axis has the whole width, under the point's name
  const small = useMedia("(max-width: 50rem)");
  const [frame, across] = useWidth<HTMLDivElement>(COLUMN);
  const width = small ? across : COLUMN;
  const ticks =
    from === null || to === null ? [] : timeTicks(from, to, { from: 0, to: width, left: 0, right: width, size: SIZE }, language);
  const axis = (
    <svg width={width} height="16" aria-hidden="true" className="drawing-fixed">
      <TimeTicks ticks={ticks} top={0} bottom={0} nameY={11} size={SIZE} />
    </svg>
  );
  return (
    <Section title={words.watched} note={words.watchedNote}>
      <div ref={frame} />
      {small && axis}
      <div className="scroll-x" ref={scrollable}>
        <table className="table watched">
          <thead>
            <tr>
              <th scope="col">
                <Term name="point">{words.point}</Term>
              </th>
              <th scope="col">{words.capture}</th>
              <th scope="col" className="axis-cell">
                {!small && axis}
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
                  <Strip point={p} from={from} span={span} width={width} />
                </td>
                <td className="num" data-name={words.packets}>
                  {q.count(p.packets)}
                </td>
                <td className="num nowrap" data-name={words.volume}>
                  {q.bytes(p.bytes)}
                </td>
                <td className={p.truncated > 0 ? "num" : "num quiet"} data-name={words.cut}>
                  {q.count(p.truncated)}
                </td>
                <td className={p.malformed > 0 ? "num" : "num quiet"} data-name={words.malformed}>
                  {q.count(p.malformed)}
                </td>
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
  width,
}: {
  readonly point: Overview["captures"][number];
  readonly from: number | null;
  readonly span: number;
  readonly width: number;
}) {
  const q = useQuantities();
  const id = useId();
  const [first, last] = [millis(point.first), millis(point.last)];
  const x = (t: number) => Math.max(0, Math.min(width, ((t - (from ?? 0)) / span) * width));
  // a short capture in a long period is still a mark
  const left = first === null ? 0 : Math.min(x(first), width - 3);
  const seen = first === null || last === null || from === null ? null : ([left, Math.max(x(last), left + 3)] as const);
  const words = useWords(overview);
  const most = Math.max(1, ...(point.activity ?? []));
  const slice = width / Math.max(1, point.activity?.length ?? 1);
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
    <svg width={width} height={HEIGHT} className="drawing-fixed" role="img" aria-label={said}>
      <title>{said}</title>
      <defs>
        <Hatch id={id} />
      </defs>
      {seen === null ? (
        <rect width={width} height={HEIGHT} fill={`url(#${id})`} />
      ) : (
        <>
          <rect width={seen[0]} height={HEIGHT} fill={`url(#${id})`} />
          <rect x={seen[1]} width={Math.max(0, width - seen[1])} height={HEIGHT} fill={`url(#${id})`} />
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
