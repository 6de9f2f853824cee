/** What both drawings of the way of the data are made of. */
import type { WayStation } from "#serve/api/types.ts";
import { fitMiddle } from "./text.ts";

export const BOX = { width: 142, height: 46, gap: 46 } as const;
const MARGIN = 10;

/** An arrow's head with its point at a place, in a direction. */
export function headPath(x: number, y: number, dx: number, dy: number): string {
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  return `M${x} ${y}L${x - ux * 11 - uy * 5} ${y - uy * 11 + ux * 5}L${x - ux * 11 + uy * 5} ${y - uy * 11 - ux * 5}Z`;
}

export function Station({
  x,
  y,
  name,
  detail,
  kind,
}: {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly detail: string;
  readonly kind: WayStation["kind"];
}) {
  const round = kind === "subscriber" || kind === "destination";
  const mono = /^[0-9a-f:.]+$/i.test(name) || name.startsWith("s:");
  const room = BOX.width - 2 * MARGIN;
  return (
    <g>
      <rect
        className={kind === "receiver" ? "net-box undeclared" : "net-box"}
        x={x}
        y={y}
        width={BOX.width}
        height={BOX.height}
        rx={round ? BOX.height / 2 : 0}
      />
      <text className={mono ? "mono" : "net-name"} x={x + BOX.width / 2} y={y + 20} textAnchor="middle" fontSize="12">
        {fitMiddle(name, room, mono ? 10.5 : 12, mono)}
        <title>{name}</title>
      </text>
      <text className="t-quiet" x={x + BOX.width / 2} y={y + 35} textAnchor="middle" fontSize="10.5">
        {fitMiddle(detail, room, 10.5)}
      </text>
    </g>
  );
}
