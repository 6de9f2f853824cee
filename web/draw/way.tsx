import { scrollable } from "#web/ui/scrollable.ts";
import { useId } from "react";
import type { Claim } from "#model/finding.ts";
import type { Way, WayStation } from "#serve/api/types.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useWidth } from "#web/ui/width.ts";
import { drawings } from "#web/words/drawings.ts";
import { finding } from "#web/words/finding.ts";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";
import "./draw.css";
import { NarrowWay } from "./way-narrow.tsx";
import { BOX, headPath, Station } from "./way-parts.tsx";

/** Below this width the way runs down instead of across. */
const ACROSS = 600;
const TOP = 22;
const BRANCH = 104;
const LEFT = 8;

/** Whose packets move towards whom: the asker and the manager come to the element, everything else leaves it. */

/** One line from the subscriber to where the data should have gone, and the branch where it left. */
export function WayDrawing({ way, claim, subscribers }: { readonly way: Way; readonly claim: Claim; readonly subscribers: number }) {
  const words = useWords(drawings);
  const said = useWords(finding);
  const q = useQuantities();
  const shared = useShared();
  const titleId = useId();
  const [frame, room] = useWidth<HTMLDivElement>(ACROSS);
  const { path, branch, leavesAt } = way;
  const step = BOX.width + BOX.gap;
  const alone = path.length === 1;
  const wide = Math.max(path.length, alone ? 3 : 0);
  const leaveX = LEFT + (leavesAt ?? 0) * step;
  const receiverX = alone ? LEFT + 2 * step : Math.min(leaveX + step, LEFT + Math.max(0, wide - 1) * step);
  const below = branch !== null && !alone;
  const width = LEFT * 2 + Math.max(wide * step - BOX.gap, receiverX + BOX.width - LEFT);
  const height = TOP + BOX.height + (below ? BRANCH + BOX.height : 0) + 12;
  const middle = TOP + BOX.height / 2;
  const receiverY = below ? TOP + BOX.height + BRANCH - 8 : TOP;
  const note =
    branch === null
      ? []
      : [
          branch.delaySeconds === null ? null : `${branch.delaySeconds > 0 ? "+" : ""}${q.seconds(branch.delaySeconds)}`,
          branch.bytes > 0 ? q.bytes(branch.bytes) : null,
          shared.packets(branch.packets),
        ].filter((part) => part !== null);
  const layers = branch === null ? "" : `${branch.layers.join(" / ")}${branch.encrypted ? ` (${words.encrypted})` : ""}`;
  const label = (s: WayStation) => (s.kind === "destination" ? said.stations.destination : s.label);
  const detail = (s: WayStation) =>
    s.kind === "destination"
      ? said.destinationDetail
      : s.kind === "subscriber"
        ? subscribers > 1
          ? said.andMore(q.count(subscribers - 1))
          : said.stations.subscriber
        : (s.detail ?? said.stations[s.kind]);
  const incoming = CLAIM_TRAITS[claim].course === "in";
  const both = CLAIM_TRAITS[claim].course === "both";
  const forkX = leaveX + BOX.width / 2;
  const title = words.wayAlt(path.map(label).join(", "), branch === null ? null : branch.to.label);
  const receiver = { name: branch?.to.label ?? "", detail: branch?.to.detail ?? said.stations.receiver };
  if (room < ACROSS)
    return (
      <div ref={frame}>
        <NarrowWay
          way={way}
          width={room}
          titleId={titleId}
          title={title}
          label={label}
          detail={detail}
          receiver={receiver}
          note={note.join(" · ")}
          layers={layers}
          heads={{ receiver: !incoming || both, element: incoming || both }}
        />
      </div>
    );
  return (
    <div ref={frame}>
      <div className="drawing-scroll" ref={scrollable}>
        <svg
          className="drawing way"
          viewBox={`0 0 ${width} ${height}`}
          style={{ maxWidth: width * 1.1, minWidth: Math.min(width, 640) }}
          role="img"
          aria-labelledby={titleId}
        >
          <title id={titleId}>{title}</title>
          {path.slice(1).map((_, i) => (
            <line key={i} className="way-line" x1={LEFT + i * step + BOX.width} x2={LEFT + (i + 1) * step} y1={middle} y2={middle} />
          ))}
          {branch !== null && alone && (
            <>
              <line
                className="way-branch"
                x1={LEFT + BOX.width + (incoming || both ? 10 : 0)}
                x2={receiverX - (incoming ? 0 : 10)}
                y1={middle}
                y2={middle}
              />
              {(!incoming || both) && <path className="net-head" d={headPath(receiverX, middle, 1, 0)} />}
              {(incoming || both) && <path className="net-head" d={headPath(LEFT + BOX.width, middle, -1, 0)} />}
              <text className="t-vermilion" x={(LEFT + BOX.width + receiverX) / 2} y={middle - 9} textAnchor="middle" fontWeight="600">
                {note.join(" · ")}
              </text>
              <text className="t-quiet" x={(LEFT + BOX.width + receiverX) / 2} y={middle + 18} textAnchor="middle">
                {layers}
              </text>
            </>
          )}
          {branch !== null && below && (
            <>
              <path className="way-branch" d={`M${forkX} ${TOP + BOX.height}V${receiverY + BOX.height / 2}H${receiverX - 10}`} />
              <path className="net-head" d={headPath(receiverX, receiverY + BOX.height / 2, 1, 0)} />
              <text className="t-vermilion halo" x={forkX + 10} y={TOP + BOX.height + 26} fontWeight="600">
                {note.join(" · ")}
              </text>
              <text className="t-quiet halo" x={forkX + 10} y={TOP + BOX.height + 42}>
                {layers}
              </text>
            </>
          )}
          {path.map((s, i) => (
            <Station key={s.id} x={LEFT + i * step} y={TOP} name={label(s)} detail={detail(s)} kind={s.kind} />
          ))}
          {branch !== null && <Station x={receiverX} y={receiverY} name={receiver.name} detail={receiver.detail} kind="receiver" />}
        </svg>
      </div>
    </div>
  );
}
