/** Lists of the explorer: sessions, tunnels, flows. Every address and pseudonym leads to what else the case holds of it. */
import type { ReactNode } from "react";
import type { Explored, Lifeline } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import { Absent, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Table } from "#web/ui/table.tsx";
import { explorer } from "#web/words/explorer.ts";

interface Shown {
  readonly data: Explored;
  readonly caseId: string;
}

const IP_NAMES: Readonly<Record<number, string>> = { 1: "ICMP", 6: "TCP", 17: "UDP", 47: "GRE", 50: "ESP", 58: "ICMPv6", 132: "SCTP" };

export function Sessions({ data, caseId }: Shown) {
  const words = useWords(explorer);
  const q = useQuantities();
  return (
    <Section title={words.sessions} note={words.sessionsNote}>
      {data.sessions.length === 0 ? (
        <Absent>{words.noSessions}</Absent>
      ) : (
        <Table columns={[words.subscriber, words.period, words.cell, words.apns, words.device, words.findings]}>
          {data.sessions.map((s) => (
            <tr key={s.subscriber}>
              <th scope="row">
                <Person caseId={caseId} pseudonym={s.subscriber} />
                {s.emergency && <span className="small quiet"> {words.emergency}</span>}
              </th>
              <td className="nowrap">{q.period(s.first, s.last)}</td>
              <td>{s.cell.address === "" ? <Nothing /> : <End caseId={caseId} end={s.cell} />}</td>
              <td>{s.apns ?? <Nothing />}</td>
              <td className="mono">{s.tac ?? <Nothing />}</td>
              <td>{s.findings.length === 0 ? <Nothing /> : s.findings.map((id) => <FindingLink key={id} caseId={caseId} id={id} />)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More shown={data.sessions.length} total={data.totals.sessions} />
    </Section>
  );
}

export function Tunnels({ data, caseId }: Shown) {
  const words = useWords(explorer);
  const q = useQuantities();
  return (
    <Section title={words.tunnels} note={words.tunnelsNote}>
      {data.tunnels.length === 0 ? (
        <Absent>{words.noTunnels}</Absent>
      ) : (
        <Table
          columns={[
            words.source,
            words.end,
            "TEID",
            words.interface,
            words.subscriber,
            { num: words.packets },
            { num: words.bytes },
            words.period,
          ]}
        >
          {data.tunnels.map((t, i) => (
            <tr key={i}>
              <td>
                <End caseId={caseId} end={t.source} />
              </td>
              <td>
                <End caseId={caseId} end={t.address} />
              </td>
              <td>
                <Link className="mono" href={address([caseId, "explorer"], { q: teid(t.teid) })}>
                  0x{t.teid.toString(16)}
                </Link>
              </td>
              <td>{t.interface ?? <Nothing />}</td>
              <td>{t.subscriber === null ? <Nothing /> : <Person caseId={caseId} pseudonym={t.subscriber} />}</td>
              <td className="num">{t.packets === null ? <NotTold /> : q.count(t.packets)}</td>
              <td className="num">{t.bytes === null ? <NotTold /> : q.bytes(t.bytes)}</td>
              <td className="nowrap">{t.first === null ? <NotTold /> : q.period(t.first, t.last)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More shown={data.tunnels.length} total={data.totals.tunnels} />
    </Section>
  );
}

export function Flows({ data, caseId }: Shown) {
  const words = useWords(explorer);
  const q = useQuantities();
  const port = (n: number): string => (n === 0 ? "" : `:${n}`);
  return (
    <Section title={words.flows} note={words.flowsNote}>
      {data.flows.length === 0 ? (
        <Absent>{words.noFlows}</Absent>
      ) : (
        <Table
          columns={[
            words.initiator,
            words.responder,
            words.application,
            words.server,
            words.explained,
            { num: words.packets },
            { num: words.bytes },
            words.period,
          ]}
        >
          {data.flows.map((f, i) => (
            <tr key={i}>
              <td>
                <End caseId={caseId} end={f.initiator} after={port(f.initiatorPort)} />
              </td>
              <td>
                <End caseId={caseId} end={f.responder} after={port(f.responderPort)} />
              </td>
              <td>{f.application ?? IP_NAMES[f.protocol] ?? `IP ${f.protocol}`}</td>
              <td className="mono">{f.serverName ?? <Nothing />}</td>
              <td className={f.explained === null ? "vermilion nowrap" : undefined}>{f.explained ?? words.unexplained}</td>
              <td className="num">{f.packets === null ? <NotTold /> : q.count(f.packets)}</td>
              <td className="num">{f.bytes === null ? <NotTold /> : q.bytes(f.bytes)}</td>
              <td className="nowrap">{f.first === null ? <NotTold /> : q.period(f.first, f.last)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More shown={data.flows.length} total={data.totals.flows} />
    </Section>
  );
}

function teid(n: number): string {
  return `teid:0x${n.toString(16)}`;
}

function Person({ caseId, pseudonym }: { readonly caseId: string; readonly pseudonym: string }) {
  return (
    <Link className="mono" href={address([caseId, "explorer"], { subscriber: pseudonym })}>
      {pseudonym}
    </Link>
  );
}

export function FindingLink({ caseId, id }: { readonly caseId: string; readonly id: string }) {
  return (
    <>
      <Link className="mono" href={address([caseId, "findings", id])}>
        {id.slice(0, 8)}
      </Link>{" "}
    </>
  );
}

function End({ caseId, end, after = "" }: { readonly caseId: string; readonly end: Lifeline; readonly after?: string }) {
  return (
    <span className="nowrap">
      {end.name !== null && <>{end.name} </>}
      <Link className="mono" href={address([caseId, "explorer"], { q: end.address })}>
        {end.address}
      </Link>
      <span className="mono quiet">{after}</span>
    </span>
  );
}

function Nothing(): ReactNode {
  return <span className="quiet">–</span>;
}

/** An amount that must not be told is not nought. */
function NotTold() {
  return <span className="quiet">{useWords(explorer).notTold}</span>;
}

function More({ shown, total }: { readonly shown: number; readonly total: number }) {
  const words = useWords(explorer);
  const q = useQuantities();
  return total > shown ? <p className="figure-note">{words.more(q.count(shown), q.count(total))}</p> : null;
}
