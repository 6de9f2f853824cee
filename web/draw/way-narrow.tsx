/** The way of the data down a narrow screen: stations one under the other, the branch to their right. */
import type { Way, WayStation } from "#serve/api/types.ts";
import { fitEnd } from "./text.ts";
import { BOX, headPath, Station } from "./way-parts.tsx";

const EDGE = 2;
const BETWEEN = 34;
const DROP = 56;
const SIZE = 11;

interface Props {
  readonly way: Way;
  readonly width: number;
  readonly titleId: string;
  readonly title: string;
  readonly label: (s: WayStation) => string;
  readonly detail: (s: WayStation) => string;
  readonly receiver: { readonly name: string; readonly detail: string };
  /** What is written at the branch. */
  readonly note: string;
  readonly layers: string;
  /** Which ends of the branch have a head. */
  readonly heads: { readonly receiver: boolean; readonly element: boolean };
}

export function NarrowWay({ way, width, titleId, title, label, detail, receiver, note, layers, heads }: Props) {
  const { path, branch, leavesAt } = way;
  const alone = path.length === 1;
  const step = BOX.height + (alone ? DROP : BETWEEN);
  const top = (i: number) => EDGE + i * step;
  const spine = EDGE + BOX.width / 2;
  const leave = top(leavesAt ?? 0);
  const receiverX = alone ? EDGE : width - EDGE - BOX.width;
  const receiverY = alone ? top(1) : leave + BOX.height + DROP;
  const height = EDGE + Math.max(top(path.length - 1) + BOX.height, branch === null ? 0 : receiverY + BOX.height);
  const [noteX, noteY] = alone ? [spine + 14, BOX.height + DROP / 2 - 4] : [EDGE + BOX.width + 8, leave + BOX.height / 2 - 9];
  const under = alone ? 16 : 24;
  const across = receiverX + BOX.width / 2;
  return (
    <svg className="drawing way" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={titleId}>
      <title id={titleId}>{title}</title>
      {path.slice(1).map((_, i) => (
        <line key={i} className="way-line" x1={spine} x2={spine} y1={top(i) + BOX.height} y2={top(i + 1)} />
      ))}
      {branch !== null && (
        <>
          <path
            className="way-branch"
            d={
              alone
                ? `M${spine} ${BOX.height + EDGE + (heads.element ? 10 : 0)}V${receiverY - (heads.receiver ? 10 : 0)}`
                : `M${EDGE + BOX.width + (heads.element ? 10 : 0)} ${leave + BOX.height / 2}H${across}V${receiverY - (heads.receiver ? 10 : 0)}`
            }
          />
          {heads.receiver && <path className="net-head" d={headPath(alone ? spine : across, receiverY, 0, 1)} />}
          {heads.element && (
            <path
              className="net-head"
              d={alone ? headPath(spine, BOX.height + EDGE, 0, -1) : headPath(EDGE + BOX.width, leave + BOX.height / 2, -1, 0)}
            />
          )}
          <text className="t-vermilion halo" x={noteX} y={noteY} fontWeight="600" fontSize={SIZE}>
            {fitEnd(note, width - noteX, SIZE)}
          </text>
          <text className="t-quiet halo" x={noteX} y={noteY + under} fontSize={SIZE}>
            {fitEnd(layers, (alone ? width : across - 6) - noteX, SIZE)}
          </text>
          <Station x={receiverX} y={receiverY} name={receiver.name} detail={receiver.detail} kind="receiver" />
        </>
      )}
      {path.map((s, i) => (
        <Station key={s.id} x={EDGE} y={top(i)} name={label(s)} detail={detail(s)} kind={s.kind} />
      ))}
    </svg>
  );
}
