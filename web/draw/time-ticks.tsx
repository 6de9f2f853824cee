import type { Tick } from "./axis.ts";

/** Lines and names of a time axis. */
export function TimeTicks({
  ticks,
  top,
  bottom,
  nameY,
  size,
}: {
  readonly ticks: readonly Tick[];
  readonly top: number;
  readonly bottom: number;
  readonly nameY: number;
  readonly size: number;
}) {
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick.at}>
          {bottom > top && <line className="grid" x1={tick.x} x2={tick.x} y1={top} y2={bottom} />}
          <text className="t-quiet time-name" x={tick.nameX} y={nameY} textAnchor="middle" fontSize={size}>
            {tick.name}
          </text>
        </g>
      ))}
    </>
  );
}
