import { useMemo, useId, useState } from "react";
import type { NetworkNode } from "#serve/api/types.ts";
import type { Claim, Grade } from "#model/finding.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { drawings } from "#web/words/drawings.ts";
import "./draw.css";
import type { Box } from "./box.ts";
import type { Drawing } from "./drawing.ts";
import type { Line } from "./lines.ts";
import { NAME_SIZE, placeNames } from "./names.ts";
import { PanZoom } from "./pan-zoom.tsx";
import { fitMiddle, wrapTo } from "./text.ts";

const TITLE_SIZE = 12;
const SECOND_SIZE = 11;
/** Pixels within a box that its text keeps from the edge; a grade's mark takes its own. */
const MARGIN = 9;
const MARK = 14;

interface Props {
  readonly drawing: Drawing;
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
  /** A group was chosen: it opens. */
  readonly open: (group: string) => void;
}

/** The network as 3GPP people draw it. */
export function Network({ drawing, selected: asked, select, open }: Props) {
  const words = useWords(drawings);
  const shared = useShared();
  const q = useQuantities();
  const selected = boxNamed(drawing, asked)?.id ?? null;
  const [hovered, setHovered] = useState<string | null>(null);
  const titleId = useId();
  const looked = hovered ?? selected;
  const named = useMemo(() => {
    // where no protocol is known, a line bears the claim
    const told = (name: string) => (Object.hasOwn(shared.claims, name) ? shared.claims[name as Claim].name : name);
    return placeNames(
      drawing,
      {
        name: ({ edge }) => edge.name.split(", ").map(told).join(", "),
        volume: ({ edge }) => (edge.status === "undeclared" && edge.bytes > 0 ? q.bytes(edge.bytes) : null),
      },
      (line) => looked !== null && (line.from.id === looked || line.to.id === looked),
    );
  }, [drawing, shared, q, looked]);
  const labels = useMemo(() => shortLabels(drawing), [drawing]);
  const most = Math.max(1, ...drawing.lines.map((line) => line.edge.bytes));
  const touches = (line: Line) => looked === null || line.from.id === looked || line.to.id === looked;
  const near = new Set(looked === null ? [] : drawing.lines.filter(touches).flatMap((line) => [line.from.id, line.to.id]));
  // undeclared lines lie on top: they are what the reader looks for
  const lines = drawing.lines.toSorted((a, b) => Number(a.edge.status === "undeclared") - Number(b.edge.status === "undeclared"));
  const undeclared = drawing.lines.filter((line) => line.edge.status === "undeclared").length;
  return (
    <PanZoom
      className="drawing network"
      width={drawing.width}
      height={drawing.height}
      focus={drawing.focus}
      tall={drawing.narrow}
      titleId={titleId}
    >
      <title id={titleId}>{words.networkAlt(drawing.boxes.length, drawing.lines.length, undeclared)}</title>
      <Bands drawing={drawing} />
      {lines.map((line) => (
        <LinePath key={line.edge.id} line={line} most={most} faded={!touches(line)} />
      ))}
      {drawing.boxes.map((box) => (
        <Node
          key={box.id}
          box={box}
          label={labels.get(box.id) ?? box.node.label}
          first={box.members[0] === undefined ? "" : (labels.get(box.members[0].id) ?? box.members[0].label)}
          selected={selected === box.id}
          faded={looked !== null && looked !== box.id && !near.has(box.id)}
          judged={drawing.judged}
          select={() => (box.opens === null ? select(selected === box.id ? null : box.id) : open(box.opens))}
          hover={setHovered}
        />
      ))}
      {named.map(({ line, name, volume, x, y, volumeY }) => {
        const { status } = line.edge;
        return (
          <g key={line.edge.id} className={touches(line) ? "line-name" : "line-name faded"} pointerEvents="none">
            <text
              className={`halo ${status === "undeclared" ? "t-vermilion net-name" : status === "declared" ? "t-blue" : "t-quiet"}`}
              x={x}
              y={y}
              textAnchor="middle"
              fontSize={NAME_SIZE}
            >
              {name}
            </text>
            {volume !== null && (
              <text className="halo t-vermilion" x={x} y={volumeY} textAnchor="middle" fontSize={NAME_SIZE}>
                {volume}
              </text>
            )}
          </g>
        );
      })}
    </PanZoom>
  );
}

/** Names without their domain, where what is before its first dot tells them apart: `enb-lyon-026`, of `enb-lyon-026.epc.mnc001.…`. */
function shortLabels(drawing: Drawing): Map<string, string> {
  const members = drawing.boxes.flatMap((box) => box.members);
  const head = ({ label }: NetworkNode) => (/^[0-9a-f:.]+$/i.test(label) ? label : (label.split(".")[0] ?? label));
  const times = new Map<string, number>();
  for (const member of members) times.set(head(member), (times.get(head(member)) ?? 0) + 1);
  return new Map(members.map((member) => [member.id, times.get(head(member)) === 1 ? head(member) : member.label]));
}

/** The box of an element, or the box that stands for it. */
export function boxNamed(drawing: Drawing, id: string | null): Box | undefined {
  return id === null ? undefined : drawing.boxes.find((box) => box.id === id || box.members.some((member) => member.id === id));
}

function Bands({ drawing }: { readonly drawing: Drawing }) {
  const words = useWords(drawings);
  return (
    <>
      {drawing.bands.map(({ row, top, bottom }) => (
        <text key={row} className="t-quiet" fontSize="10" textAnchor="middle" transform={`translate(10 ${(top + bottom) / 2}) rotate(-90)`}>
          {bottom - top < 60 ? words.bandsShort[row] : words.bands[row]}
        </text>
      ))}
    </>
  );
}

function LinePath({ line, most, faded }: { readonly line: Line; readonly most: number; readonly faded: boolean }) {
  const { edge, x1, y1, x2, y2 } = line;
  const strong = edge.status === "undeclared";
  // volume over five decades: a line of a thousandth of the traffic is still a line
  const share = edge.bytes > 0 ? Math.max(0, 1 + Math.log10(edge.bytes / most) / 5) : 0;
  const width = strong ? 1.75 + 4 * share : 0.8 + 1.6 * share;
  const towards = edge.b === line.to.id || line.to.members.some((m) => m.id === edge.b);
  const [hx, hy, fx, fy] = towards ? [x2, y2, x1, y1] : [x1, y1, x2, y2];
  const length = Math.hypot(hx - fx, hy - fy) || 1;
  const [ux, uy] = line.detour !== null ? [towards ? 1 : -1, 0] : line.bulge > 0 ? [1, 0] : [(hx - fx) / length, (hy - fy) / length];
  const head = 5 + width;
  return (
    <g className={faded ? "faded" : undefined}>
      <path
        className={`net-line ${edge.status}`}
        d={
          line.detour !== null
            ? around(line, line.detour, strong ? head * 0.8 : 0, towards)
            : line.bulge > 0
              ? `M${fx} ${fy}C${fx - line.bulge} ${fy} ${hx - line.bulge} ${hy} ${hx - (strong ? head : 0)} ${hy}`
              : `M${fx} ${fy}L${strong ? hx - ux * head * 0.8 : hx} ${strong ? hy - uy * head * 0.8 : hy}`
        }
        strokeWidth={width}
      />
      {strong && (
        <path
          className="net-head"
          d={`M${hx} ${hy}L${hx - ux * head * 1.5 - uy * head * 0.6} ${hy - uy * head * 1.5 + ux * head * 0.6}L${hx - ux * head * 1.5 + uy * head * 0.6} ${hy - uy * head * 1.5 - ux * head * 0.6}Z`}
        />
      )}
    </g>
  );
}

/** Level at both ends, so that the head points straight into its box; `short` pixels are left for the head. */
function around({ x1, y1, x2, y2 }: Line, { y, fromX, toX }: NonNullable<Line["detour"]>, short: number, towards: boolean): string {
  const [start, end] = [x1 + (towards ? 0 : short), x2 - (towards ? short : 0)];
  const [a, b] = [(start + fromX) / 2, (end + toX) / 2];
  return `M${start} ${y1}C${a} ${y1} ${a} ${y} ${fromX} ${y}L${toX} ${y}C${b} ${y} ${b} ${y2} ${end} ${y2}`;
}

/** Members of a box of declared hosts, a line each; the last line counts the rest. */
function hostNames(box: Box): string[] {
  const room = Math.max(1, Math.round((box.height - 42) / 13) + 1);
  // a line for one of several says less than that they are hosts
  if (room === 1 && box.members.length > 1) return [];
  const names = box.members
    .filter((member) => member.kind !== "more")
    .map((member) => fitMiddle(member.label, box.width - 2 * MARGIN, SECOND_SIZE));
  return names.length <= room ? names : [...names.slice(0, room - 1), `+ ${names.length - room + 1}`];
}

function strongest(node: NetworkNode): Grade | null {
  for (const grade of ["proven", "corroborated", "indication"] as const) if (node.findings[grade] > 0) return grade;
  return null;
}

function Node({
  box,
  label,
  first,
  selected,
  faded,
  judged,
  select,
  hover,
}: {
  readonly box: Box;
  readonly label: string;
  /** The name of its first member. */
  readonly first: string;
  readonly judged: boolean;
  readonly selected: boolean;
  readonly faded: boolean;
  readonly select: () => void;
  readonly hover: (id: string | null) => void;
}) {
  const words = useWords(drawings);
  const q = useQuantities();
  const { node } = box;
  const grade = strongest(node);
  const stranger = !node.declared && judged;
  const count = node.findings.proven + node.findings.corroborated + node.findings.indication;
  // a declared SGW that traffic shows to be an SGW-U is one thing; so is a control-plane function (CP) that has a name
  const roles = node.roles.filter(
    (role) => !(/-[CU]$/.test(role) && node.roles.includes(role.slice(0, -2))) && !(/^[CU]P$/.test(role) && node.roles.length > 1),
  );
  const several = box.members.length > 1;
  const hosts = several && node.kind === "service";
  const what =
    roles.length > 0 ? roles.join(" ") : stranger ? words.undeclared : !judged && !node.declared ? words.noPart : words.kinds[node.kind];
  const name = hosts
    ? words.hosts(q.count(node.stands))
    : node.kind === "more"
      ? roles.length === 0
        ? words.strangers(q.count(node.stands))
        : `${q.count(node.stands)} × ${roles[0] ?? words.kinds[box.members[0]?.kind ?? "more"]}`
      : label;
  const second = several
    ? stranger
      ? words.undeclared
      : judged || roles.length > 0
        ? box.opens?.includes("/") === true
          ? words.from(node.site ?? first)
          : (node.site ?? words.severalSites)
        : words.noPart
    : `${what}${node.site === null ? "" : `, ${node.site}`}`;
  const kind = stranger
    ? "undeclared"
    : node.kind === "lawful"
      ? "lawful"
      : node.kind === "function" || node.kind === "more"
        ? ""
        : "outside";
  const tall = box.height > 80 && !hosts;
  const named = hosts ? hostNames(box) : [];
  const room = box.width - 2 * MARGIN;
  const lines = hosts
    ? named.length > 0
      ? named
      : [words.kinds.service]
    : tall
      ? wrapTo(second, room, SECOND_SIZE, 4)
      : [fitMiddle(second, room, SECOND_SIZE)];
  const middle = box.y + box.height / 2 - (lines.length - 1) * 6.5;
  const address = /^[0-9a-f:.]+$/i.test(name);
  return (
    <g className={faded ? "faded" : undefined}>
      <g
        className="net-node"
        tabIndex={0}
        role="button"
        aria-pressed={selected}
        aria-label={`${node.label === "" ? name : node.label}, ${lines.join(" ")}${stranger ? `, ${words.undeclared}` : ""}${count > 0 ? `, ${words.findings(count)}` : ""}${box.opens === null ? "" : `. ${words.opens(q.count(node.stands))}`}`}
        onClick={select}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          event.stopPropagation();
          select();
        }}
        onMouseEnter={() => hover(box.id)}
        onMouseLeave={() => hover(null)}
      >
        <title>
          {box.opens === null ? [node.label, ...node.addresses.slice(0, 3)].join(" ").trim() : words.opens(q.count(node.stands))}
        </title>
        <rect className={`net-box ${kind}`} x={box.x} y={box.y} width={box.width} height={box.height} />
      </g>
      {/* the button is named above; what is written on it is for eyes */}
      <g aria-hidden="true" pointerEvents="none">
        {several && !hosts && (
          <path className="net-box" fill="none" d={`M${box.x + 4} ${box.y - 3}H${box.x + box.width + 3}V${box.y + box.height - 4}`} />
        )}
        <text className={address ? "mono" : "net-name"} x={box.x + 9} y={middle - 3} fontSize={TITLE_SIZE}>
          {fitMiddle(name, grade === null ? room : room - MARK, TITLE_SIZE, address)}
        </text>
        {lines.map((part, i) => (
          <text key={`${i} ${part}`} className="t-quiet" x={box.x + 9} y={middle + 12 + i * 13} fontSize={SECOND_SIZE}>
            {part}
          </text>
        ))}
        {grade !== null && <SvgGrade grade={grade} x={box.x + box.width - 17} y={box.y + 8} />}
      </g>
    </g>
  );
}

/** The grade's form within a drawing. */
export function SvgGrade({
  grade,
  x,
  y,
  size = 9,
}: {
  readonly grade: Grade;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
}) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size / 9})`} className="vermilion">
      {grade === "corroborated" && <path d="M0 9V0L9 9Z" fill="currentColor" />}
      <rect width="9" height="9" fill={grade === "proven" ? "currentColor" : "none"} stroke="currentColor" strokeWidth="1.4" />
    </g>
  );
}
