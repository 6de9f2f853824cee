/** One axis for order, effect, what the subscriber did, and what was watched. */
import type { FindingRecord } from "#findings/document.ts";
import { codeOf, english } from "#findings/said.ts";
import { state } from "#model/statement.ts";
import { openCoverage } from "#report/interception.ts";
import type { Lane, Span, Timeline } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { rfc3339 } from "#serve/cases/tables.ts";
import { readCase, type Ask } from "#store/query.ts";

/** Spans of one lane; later ones are left out. */
const MOST_SPANS = 400;
/** Subscribers with a lane of their own; the others are counted. */
const MOST_SUBSCRIBERS = 8;

export async function timelineOf(of: OpenCase, finding: FindingRecord, cleared: boolean): Promise<Timeline> {
  const lanes: Lane[] = [];
  const evidence: Lane = {
    // An effect is drawn where one was seen, and nowhere else.
    kind: finding.act === "effected" ? "effect" : "evidence",
    label: finding.summary,
    spans: [{ from: finding.first, to: finding.last, label: "evidence", packets: finding.packets, bytes: finding.bytes }],
    marks: excessOf(finding),
  };
  lanes.push(evidence);
  if (of.folder.has("database") && !of.busy) {
    try {
      await readCase(of.folder.file("database"), async (ask) => {
        lanes.push(...(await orders(ask, finding, of)));
        lanes.push(...(await carriers(ask, finding)));
        lanes.push(...(await subscribers(ask, finding, cleared)));
      });
    } catch {
      evidence.marks.push({ at: finding.first, label: "the case's database could not be read", capture: null, frame: null });
    }
  }
  lanes.push(...coverage(of, cleared));
  const times = lanes
    .flatMap((lane) => [...lane.spans.flatMap((s) => [s.from, s.to]), ...lane.marks.map((m) => m.at)])
    .map((t) => t.slice(0, 26));
  const from = times.reduce((a, b) => (a < b ? a : b), finding.first);
  const to = times.reduce((a, b) => (a > b ? a : b), finding.last);
  return {
    from: zoned(from),
    to: zoned(to),
    lanes,
    more: Math.max(0, finding.subscribers.pseudonyms.length - MOST_SUBSCRIBERS),
  };
}

/** Where on the axis a grant was exceeded: what it allowed stands in the sentence. */
function excessOf({ details }: FindingRecord): Lane["marks"] {
  const { grant, firstExcess } = details;
  if (typeof grant !== "string" || typeof firstExcess !== "string") return [];
  const label = state("flow.first-excess", { grant });
  return [{ at: firstExcess, label: english(label), ...codeOf(label), capture: null, frame: null }];
}

function zoned(time: string): string {
  return time.endsWith("Z") ? time : `${time}Z`;
}

/** Control messages among the evidence: orders, and their answers. */
async function orders(ask: Ask, finding: FindingRecord, of: OpenCase): Promise<Lane[]> {
  const captures = new Map((of.document?.captures ?? []).map((c, i) => [c.sha256, { number: i, file: c.file }]));
  const marks: Lane["marks"] = [];
  for (const e of finding.evidence) {
    const capture = captures.get(e.capture);
    if (capture === undefined || e.frames.length === 0) continue;
    const { rows } = await ask(
      `SELECT m.time, m.protocol, m.name, m.frame FROM messages m JOIN captures c ON c.run = m.run AND c.capture = m.capture
       WHERE c.sha256 = ? AND m.frame IN (SELECT frame FROM evidence WHERE finding = ? AND capture = ?) ORDER BY m.time LIMIT 200`,
      [e.capture, finding.id, e.capture],
    );
    for (const [at, protocol, name, frame] of rows)
      marks.push({ at: rfc3339(String(at)), label: `${String(protocol)} ${String(name)}`, capture: e.capture, frame: Number(frame) });
  }
  return marks.length === 0 ? [] : [{ kind: "order", label: "messages among the evidence", spans: [], marks }];
}

/** Flows between the element and the receiver. */
async function carriers(ask: Ask, finding: FindingRecord): Promise<Lane[]> {
  const { element, receiver } = finding;
  if (receiver === null || receiver.address === null || element.address === null) return [];
  const { rows } = await ask(
    `SELECT first, last, application, packets::DOUBLE, bytes::DOUBLE FROM flows
     WHERE first IS NOT NULL AND ((initiator = ? AND responder = ?) OR (initiator = ? AND responder = ?)) ORDER BY first LIMIT ${MOST_SPANS}`,
    [element.address, receiver.address, receiver.address, element.address],
  );
  const spans = rows.map(([first, last, application, packets, bytes]): Span => ({
    from: rfc3339(String(first)),
    to: rfc3339(String(last)),
    label: typeof application === "string" ? application : "flow",
    packets: Number(packets),
    bytes: Number(bytes),
  }));
  return spans.length === 0
    ? []
    : [{ kind: "effect", label: `${element.name ?? element.address} > ${receiver.name ?? receiver.address}`, spans, marks: [] }];
}

/** Sessions and tunnels of the first subscribers. */
async function subscribers(ask: Ask, finding: FindingRecord, cleared: boolean): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const pseudonym of finding.subscribers.pseudonyms.slice(0, MOST_SUBSCRIBERS)) {
    const { rows } = await ask(
      `SELECT first, last, interface, packets::DOUBLE, bytes::DOUBLE FROM tunnels WHERE subscriber = ? AND first IS NOT NULL ORDER BY first LIMIT 50`,
      [pseudonym],
    );
    // what interception says about a subscriber is for the role li-cleared (method.md §6)
    const hidden = cleared ? "" : "AND protocol NOT IN ('x1', 'x2', 'x3', 'hi2', 'hi3')";
    const messages = await ask(`SELECT time, protocol, name, frame FROM messages WHERE subscriber = ? ${hidden} ORDER BY time LIMIT 100`, [
      pseudonym,
    ]);
    const spans = rows.map(([first, last, name, packets, bytes]): Span => ({
      from: rfc3339(String(first)),
      to: rfc3339(String(last)),
      label: typeof name === "string" ? name : "tunnel",
      packets: Number(packets),
      bytes: Number(bytes),
    }));
    const marks = messages.rows.map(([at, protocol, name, frame]) => ({
      at: rfc3339(String(at)),
      label: `${String(protocol)} ${String(name)}`,
      capture: null,
      frame: frame === null ? null : Number(frame),
    }));
    if (spans.length > 0 || marks.length > 0) lanes.push({ kind: "subscriber", label: pseudonym, spans, marks });
  }
  return lanes;
}

/** When each capture ran, and when nothing was seen. */
function coverage(of: OpenCase, cleared: boolean): Lane[] {
  const lanes: Lane[] = [];
  for (const c of of.document?.captures ?? []) {
    if (c.first === null || c.last === null) continue;
    lanes.push({
      kind: "coverage",
      label: c.point,
      spans: [{ from: c.first, to: c.last, label: c.file, packets: c.packets, bytes: c.bytes }],
      marks: [],
    });
  }
  const gaps = (of.document === null ? [] : openCoverage(of.document.coverage, cleared).gaps).flatMap((g): Span[] =>
    g.from === null || g.to === null
      ? []
      : [{ from: g.from, to: g.to, label: `${g.point ?? ""} ${g.why}`.trim(), packets: null, bytes: null }],
  );
  if (gaps.length > 0) lanes.push({ kind: "gap", label: "not seen", spans: gaps.slice(0, MOST_SPANS), marks: [] });
  return lanes;
}
