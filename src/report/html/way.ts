/**
 * The way of the data: one line from the subscriber through the network to where it should have gone, and the branch where it left, with
 * amount and delay written on the branch. Acts that move nothing of a subscriber (a query, an access) are drawn between their two ends.
 */
import type { FindingRecord } from "#findings/document.ts";
import { delayToTell, onSubscribersWay } from "#findings/shown.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { onlyOrdered, receiverStanding } from "#report/statements.ts";
import type { Voice } from "#report/voice.ts";
import { clip, figure, fold, svg, table } from "./drawing.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";

type Place = "access" | "core" | "control";

const WIDTH = 720;

export function way(f: FindingRecord, roles: readonly string[], voice: Voice, id: string): Markup {
  const words = voice.words.report.way;
  const place = placeOf(roles, f);
  const drawing = wayDrawing(f, roles, voice, id);
  const rows = [
    ...(place === "control" ? [] : [[regularWay(f, place, voice), words.regular, voice.words.report.map.declared]]),
    [
      `${elementName(f)} → ${f.receiver === null && place === "control" ? words.noReceiver : whereTo(f, voice)}`,
      onBranch(f, voice).join(", "),
      voice.words.claims[f.claim].name,
    ],
  ];
  return figure(id, words.title, drawing, table(words.columns, rows));
}

/** The drawing alone, for a page that has the table elsewhere. */
export function wayDrawing(f: FindingRecord, roles: readonly string[], voice: Voice, id: string): Markup {
  const place = placeOf(roles, f);
  return place === "control" ? between(f, voice, id) : path(f, place, voice, id);
}

const ACCESS = /^(eNB|gNB|ng-eNB|en-gNB|HeNB|NodeB|BTS|RNC|BSC)/;

/** Where on the user plane the element stands; `control` where no user traffic passes the act. */
function placeOf(roles: readonly string[], f: FindingRecord): Place {
  if (!onSubscribersWay(f.claim, roles)) return "control";
  if (!CLAIM_TRAITS[f.claim].movesContent && !(f.claim === "undeclared-trace" && roles.some((r) => ACCESS.test(r)))) return "control";
  return roles.some((r) => ACCESS.test(r)) ? "access" : "core";
}

function regularWay(f: FindingRecord, place: Place, voice: Voice): string {
  const words = voice.words.report.way;
  return place === "access"
    ? [words.subscriber, elementName(f), words.core, words.outside].join(" → ")
    : [words.subscriber, words.access, elementName(f), words.outside].join(" → ");
}

/** What stands on the branch: amount, envelope, delay, how far it went. */
function onBranch(f: FindingRecord, voice: Voice): string[] {
  const words = voice.words.report;
  const parts = [voice.packets(f.packets), voice.bytes(f.bytes), f.transport.layers.join("/")].filter((p) => p !== "");
  if (f.transport.encrypted) parts.push(words.facts.encrypted);
  const delay = delayToTell(f);
  if (delay !== null) parts.push(`${delay < 0 ? "" : "+"}${voice.delay(delay)}`);
  if (onlyOrdered(f)) parts.push(words.act[f.act]);
  return parts;
}

function path(f: FindingRecord, place: Place, voice: Voice, id: string): Markup {
  const words = voice.words.report.way;
  const stations = [
    { label: words.subscriber, note: f.subscribers.count > 0 ? voice.subscribers(f.subscribers.count) : "", own: false },
    place === "access" ? station(f) : { label: words.access, note: "eNB / gNB", own: false },
    place === "access" ? { label: words.core, note: "SGW / PGW / UPF", own: false } : station(f),
    { label: words.outside, note: "SGi / N6", own: false },
  ];
  const [boxWidth, boxHeight, y] = [132, 44, 4];
  const gap = (WIDTH - stations.length * boxWidth) / (stations.length - 1);
  const x = (i: number): number => i * (boxWidth + gap);
  const at = place === "access" ? 1 : 2;
  const [bx, by] = [x(at) + boxWidth / 2, y + boxHeight];
  const [rx, ry, rw] = [Math.min(bx + 96, WIDTH - 230), by + 52, 230];
  const kind = onlyOrdered(f) ? "branch ordered" : "branch";
  return svg(WIDTH, 148, id, words.alt(elementName(f), whereTo(f, voice)), [
    ...stations
      .slice(1)
      .map(
        (_, i) =>
          ml`<line x1="${x(i) + boxWidth}" x2="${x(i + 1)}" y1="${y + boxHeight / 2}" y2="${y + boxHeight / 2}" class="way-line" />`,
      ),
    ...stations.map((s, i) => box(x(i), y, boxWidth, boxHeight, s.label, s.note, s.own ? "box own" : "box")),
    ml`<path d="M${bx} ${by} V${ry + 22} H${rx - 3}" class="${kind}" stroke-width="${widthOf(f)}" marker-end="url(#arrow-found)" />`,
    box(rx, ry, rw, boxHeight, whereTo(f, voice), receiverNote(f, voice), "box found"),
    ...fold(onBranch(f, voice).join(", "), 34, 4).map(
      (line, i) => ml`<text x="${bx - 12}" y="${by + 26 + i * 15}" class="branch-label end">${line}</text>`,
    ),
  ]);
}

function station(f: FindingRecord): { label: string; note: string; own: boolean } {
  return { label: elementName(f), note: f.element.name === null ? "" : (f.element.address ?? ""), own: true };
}

/** Two ends and what goes between them; a function alone where there is no receiver. */
function between(f: FindingRecord, voice: Voice, id: string): Markup {
  const words = voice.words.report.way;
  const towardsElement = f.claim === "unreasoned-query" || f.claim === "ungranted-access";
  const none = f.receiver === null;
  const other = {
    label: none ? words.subscriber : receiverName(f),
    note: none ? voice.subscribers(f.subscribers.count) : receiverNote(f, voice),
  };
  const act =
    f.claim === "unreasoned-query"
      ? words.asks
      : f.claim === "ungranted-access"
        ? words.manages
        : none
          ? words.unprotected
          : f.claim === "ghost-tunnel"
            ? words.noSignalling
            : "";
  const [left, right] = towardsElement || none ? [other, station(f)] : [station(f), other];
  const foundLeft = towardsElement;
  const [boxWidth, boxHeight, y] = [230, 46, 6];
  const [x1, x2] = [boxWidth, WIDTH - boxWidth];
  const middle = (x1 + x2) / 2;
  const kind = onlyOrdered(f) ? "branch ordered" : "branch";
  return svg(WIDTH, 96, id, words.alt(elementName(f), whereTo(f, voice)), [
    ml`<line
      x1="${x1}"
      x2="${x2 - 3}"
      y1="${y + boxHeight / 2}"
      y2="${y + boxHeight / 2}"
      class="${kind}"
      stroke-width="${widthOf(f)}"
      ${none ? EMPTY : MARKER}
    />`,
    box(0, y, boxWidth, boxHeight, left.label, left.note, none ? "box" : foundLeft ? "box found" : "box own"),
    box(x2, y, boxWidth, boxHeight, right.label, right.note, none || foundLeft ? "box own" : "box found"),
    ml`<text x="${middle}" y="${y + boxHeight / 2 - 9}" class="branch-label middle halo">${act}</text>`,
    ...fold(onBranch(f, voice).join(", "), 36, 4).map(
      (line, i) => ml`<text x="${middle}" y="${y + boxHeight / 2 + 20 + i * 15}" class="branch-label middle">${line}</text>`,
    ),
  ]);
}

const MARKER = ml`marker-end="url(#arrow-found)"`;

/** Where it went: the receiver, else the next hop's MAC, else that it is not known. */
function whereTo(f: FindingRecord, voice: Voice): string {
  const mac = f.details["destinationMac"];
  return receiverName(f) || (typeof mac === "string" && mac !== "" ? `MAC ${mac}` : voice.words.report.facts.unknown);
}

function receiverNote(f: FindingRecord, voice: Voice): string {
  if (f.receiver === null) return "";
  const port = f.receiver?.port === null || f.receiver?.port === undefined ? "" : `:${f.receiver.port}`;
  const address = receiverName(f) === f.receiver?.address ? "" : (f.receiver?.address ?? "");
  return [`${address}${port}`, receiverStanding(f, voice)].filter((p) => p !== "").join(", ");
}

export function box(x: number, y: number, width: number, height: number, label: string, note: string, kind: string): Markup {
  const middle = x + width / 2;
  const fits = Math.floor(width / 6.7);
  return ml`<g class="${kind}">
    <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" />
    <text x="${middle}" y="${y + (note === "" ? height / 2 + 4 : height / 2 - 3)}" class="box-label middle">${clip(label, fits)}</text>
    ${note === "" ? EMPTY : ml`<text x="${middle}" y="${y + height / 2 + 13}" class="box-note middle">${clip(note, Math.floor((width - 6) / 6.1))}</text>`}
  </g>`;
}

/** Width of a line that carries so much: by magnitude, 1.5 to 6. */
export function widthOf(f: Pick<FindingRecord, "bytes" | "packets">): number {
  const amount = f.bytes > 0 ? f.bytes : f.packets * 100;
  return Math.min(6, 1.5 + Math.max(0, Math.log10(Math.max(1, amount)) - 2) * 0.75);
}
