/**
 * Sessions, messages, tunnels and flows of a case, searched: by an address or a function's name, by a pseudonym, by a TEID, or around a finding.
 * Everything comes from the case's database. Whoever is not cleared for interception is told what `openTables` tells him, and no more; identities
 * of a case that holds them in clear leave as pseudonyms (`docs/web.md`, "Users with rights of their own").
 */
import { pseudonym } from "#findings/assemble.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { ExploreQuery, Explored, Lifeline, MessagePage, MessageQuery, ShownMessage } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { INTERCEPTION_PROTOCOLS } from "#serve/cases/withheld.ts";
import { Problem } from "#serve/problem.ts";
import { bare, Conditions, count, reading, text, time, type Source, type Wanted } from "./explorer-source.ts";

/** Messages this long before and after a finding's frames are around it. */
const AROUND = "INTERVAL 10 SECOND";

export async function exploredOf(of: OpenCase, query: ExploreQuery, finding: FindingRecord | null, cleared: boolean): Promise<Explored> {
  if (of.document === null) return { sessions: [], tunnels: [], flows: [], totals: { sessions: 0, tunnels: 0, flows: 0 } };
  return reading(of, cleared, async (source) => {
    const wanted = finding === null ? await source.wanted(query.q ?? "") : await source.around(finding);
    const [sessions, tunnels, flows] = [new Conditions(), new Conditions(), new Conditions()];
    source.onlyOpen(tunnels, ["source", "address"]);
    source.onlyOpen(flows, ["initiator", "responder"]);
    if (!cleared) {
      flows.none(["application"], INTERCEPTION_PROTOCOLS);
      flows.add("(explained IS NULL OR NOT starts_with(explained, 'lawful/'))");
      source.seenOpenly(sessions);
    }
    narrow(source, wanted, sessions, tunnels, flows);
    const sessionRows = await source.listed(
      `SELECT subscriber, min(first) AS first, max(last) AS last, any_value(apns) AS apns, any_value(serving_enb) AS cell, any_value(tac) AS tac,
        bool_or(emergency) AS emergency FROM sessions WHERE ${sessions.all()} AND subscriber IS NOT NULL GROUP BY subscriber ORDER BY first, subscriber`,
      sessions.values,
    );
    const tunnelRows = await source.listed(
      `SELECT source, address, teid, interface, subscriber, packets, bytes, first, last FROM tunnels WHERE ${tunnels.all()}
       ORDER BY bytes DESC NULLS FIRST, source, address, teid, point`,
      tunnels.values,
    );
    const flowRows = await source.listed(
      `SELECT initiator, initiator_port, responder, responder_port, protocol, application, server_name, packets, bytes, explained, first, last
       FROM flows WHERE ${flows.all()} ORDER BY (explained IS NULL) DESC, bytes DESC NULLS FIRST, initiator, responder, initiator_port, responder_port, point`,
      flows.values,
    );
    return {
      sessions: sessionRows.rows.map((r) => ({
        subscriber: source.person(r["subscriber"]) ?? "",
        first: time(r["first"]),
        last: time(r["last"]),
        apns: text(r["apns"]),
        cell: source.end(r["cell"]),
        tac: text(r["tac"]),
        emergency: r["emergency"] === true,
        findings: source.findingsAbout(source.person(r["subscriber"])),
      })),
      tunnels: tunnelRows.rows.map((r) => ({
        source: source.end(r["source"]),
        address: source.end(r["address"]),
        teid: count(r["teid"]) ?? 0,
        interface: text(r["interface"]),
        subscriber: source.person(r["subscriber"]),
        packets: count(r["packets"]),
        bytes: count(r["bytes"]),
        first: time(r["first"]),
        last: time(r["last"]),
      })),
      flows: flowRows.rows.map((r) => ({
        initiator: source.end(r["initiator"]),
        initiatorPort: count(r["initiator_port"]) ?? 0,
        responder: source.end(r["responder"]),
        responderPort: count(r["responder_port"]) ?? 0,
        protocol: count(r["protocol"]) ?? 0,
        application: text(r["application"]),
        serverName: text(r["server_name"]),
        packets: count(r["packets"]),
        bytes: count(r["bytes"]),
        explained: text(r["explained"]),
        first: time(r["first"]),
        last: time(r["last"]),
      })),
      totals: { sessions: sessionRows.total, tunnels: tunnelRows.total, flows: flowRows.total },
    };
  });
}

/** Narrows each table to what was asked for; words fit what the table has words for. */
function narrow(source: Source, wanted: Wanted, sessions: Conditions, tunnels: Conditions, flows: Conditions): void {
  const { teid, addresses, subscribers, text: words, nothing } = wanted;
  if (nothing) for (const on of [sessions, tunnels, flows]) on.add("false");
  else if (teid !== null) {
    tunnels.add("teid = ?", teid);
    flows.add("false");
    const at = new Conditions();
    at.add("teid = ?", teid);
    sessions.add(`subscriber IN (${source.owners(at)})`, ...at.values);
  } else if (addresses.length > 0 || subscribers.length > 0) {
    const [tunnel, flow, session, at] = [new Conditions(), new Conditions(), new Conditions(), new Conditions()];
    tunnel.among(["source", "address"], addresses);
    tunnel.among(["subscriber"], subscribers);
    tunnels.add(tunnel.any(), ...tunnel.values);
    flow.among(["initiator", "responder"], addresses);
    flows.add(flow.any(), ...flow.values);
    // a session is at an address where its cell is, or where a tunnel of it ends
    session.among(["serving_enb"], addresses);
    session.among(["subscriber"], subscribers);
    at.among(["source", "address"], addresses);
    session.add(`subscriber IN (${source.owners(at)})`, ...at.values);
    sessions.add(session.any(), ...session.values);
  } else if (words !== null) {
    sessions.add("contains(lower(coalesce(apns, '')), ?)", words);
    tunnels.add("contains(lower(coalesce(interface, '')), ?)", words);
    flows.add("contains(lower(concat_ws(' ', application, server_name, explained)), ?)", words);
  }
}

export async function messagesOf(of: OpenCase, query: MessageQuery, finding: FindingRecord | null, cleared: boolean): Promise<MessagePage> {
  const from = query.cursor === undefined ? 0 : Number(query.cursor);
  if (!Number.isInteger(from) || from < 0)
    throw new Problem("bad-request", "the cursor is none of this list", "cursor", "start again at the first page");
  const limit = query.limit ?? 100;
  if (of.document === null) return { total: 0, next: null, lifelines: [], items: [] };
  return reading(of, cleared, async (source) => {
    const which = new Conditions();
    source.onlyOpen(which, ["source", "destination"]);
    if (!cleared) which.none(["protocol"], INTERCEPTION_PROTOCOLS);
    if (query.subscriber !== undefined) which.among(["subscriber"], await source.stored([query.subscriber]));
    if (query.q !== undefined && query.q.trim() !== "") {
      const { addresses, subscribers, text: words, teid, nothing } = await source.wanted(query.q);
      if (nothing) which.add("false");
      else if (teid !== null) {
        const at = new Conditions();
        at.add("teid = ?", teid);
        which.add(`subscriber IN (${source.owners(at)})`, ...at.values);
      } else if (subscribers.length > 0) which.among(["subscriber"], subscribers);
      else if (addresses.length > 0) which.among(["source", "destination"], addresses);
      else if (words !== null) which.add("contains(lower(concat_ws(' ', protocol, name)), ?)", words);
    }
    if (finding !== null) {
      const { addresses, subscribers } = await source.around(finding);
      const ends = new Conditions();
      ends.among(["source", "destination"], addresses);
      ends.among(["subscriber"], subscribers);
      which.add(
        `((time BETWEEN ?::TIMESTAMP - ${AROUND} AND ?::TIMESTAMP + ${AROUND} AND ${ends.any()}) OR EXISTS (
          SELECT 1 FROM evidence e JOIN captures c ON c.run = e.run AND c.sha256 = e.capture
          WHERE e.finding = ? AND c.run = messages.run AND c.capture = messages.capture AND e.frame = messages.frame))`,
        bare(finding.first),
        bare(finding.last),
        ...ends.values,
        finding.id,
      );
    }
    const total = await source.total(`SELECT count(*) FROM messages WHERE ${which.all()}`, which.values);
    // messages of one frame stand as they were written: the outermost first
    const rows = await source.rows(
      `SELECT run, capture, frame, time, source, destination, protocol, name, subscriber, faults,
         (SELECT min(c.file) FROM captures c WHERE c.run = messages.run AND c.capture = messages.capture) AS file,
         (SELECT list(DISTINCT e.finding ORDER BY e.finding) FROM evidence e JOIN captures c ON c.run = e.run AND c.sha256 = e.capture
          WHERE c.run = messages.run AND c.capture = messages.capture AND e.frame = messages.frame) AS findings
       FROM messages WHERE ${which.all()} ORDER BY time, run, capture, frame, rowid LIMIT ${limit} OFFSET ${from}`,
      which.values,
    );
    const items = rows.map((r): ShownMessage => ({
      at: time(r["time"]) ?? "",
      file: text(r["file"]),
      frame: count(r["frame"]),
      from: source.end(r["source"]).address,
      to: source.end(r["destination"]).address,
      protocol: text(r["protocol"]) ?? "",
      name: text(r["name"]) ?? "",
      subscriber: source.person(r["subscriber"]),
      faults: count(r["faults"]) ?? 0,
      answers: null,
      findings: (Array.isArray(r["findings"]) ? r["findings"].map(String) : []).filter((id) => of.index.shows(of.id, id, cleared)),
    }));
    const lifelines = new Map<string, Lifeline>();
    for (const r of rows)
      for (const column of ["source", "destination"] as const) {
        const end = source.end(r[column]);
        lifelines.set(end.address, end);
      }
    const seen = from + items.length;
    return {
      total,
      next: seen < total && items.length > 0 ? String(seen) : null,
      lifelines: [...lifelines.values()],
      items: answered(items),
    };
  });
}

/** Ends of the names by which a protocol's answer differs from its question. */
const OUTCOME = /\s*-?(request|response|answer|accept|reject|complete|acknowledge(ment)?|ack|failure|command)$/i;

/** Each answer names its question: the last one of the same procedure that went the other way and has no answer yet. */
export function answered(items: readonly ShownMessage[]): ShownMessage[] {
  const open = new Map<string, number[]>();
  return items.map((m, i) => {
    const procedure = `${m.protocol}\n${m.name.replace(OUTCOME, "")}\n${m.subscriber ?? ""}`;
    const asked = open.get(`${procedure}\n${m.to}\n${m.from}`)?.pop();
    if (asked !== undefined) return { ...m, answers: asked };
    const key = `${procedure}\n${m.from}\n${m.to}`;
    const waiting = open.get(key);
    if (waiting === undefined) open.set(key, [i]);
    else waiting.push(i);
    return m;
  });
}

/**
 * Whom an identity belongs to, where a finding that this reader may see is about him; null otherwise, whether he is in the case or not: no search
 * for a person before a finding (`method.md` §6).
 */
export async function personOf(of: OpenCase, identity: string, cleared: boolean): Promise<string | null> {
  const key = of.folder.pseudonymKey();
  if (key === undefined) return null;
  const asked = pseudonym(key, identity);
  return reading(of, cleared, async (source) => {
    const rows = await source.rows("SELECT subscriber, imsi, msisdn, imei, addresses FROM sessions WHERE subscriber IS NOT NULL", []);
    for (const r of rows) {
      const held = [r["subscriber"], r["imsi"], r["msisdn"], r["imei"], ...(text(r["addresses"]) ?? "").split(",")];
      const subscriber = source.person(r["subscriber"]);
      if (subscriber !== null && held.some((h) => source.person(h) === asked) && source.findingsAbout(subscriber).length > 0)
        return subscriber;
    }
    return null;
  });
}
