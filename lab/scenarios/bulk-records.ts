/** Charging records and database rows that leave for hosts which may not have them, and for those which may. */
import type { Case } from "#lab/case.ts";
import { elementTalk } from "#lab/network/background.ts";
import type { NetworkFunction } from "#lab/network/layout.ts";
import { httpPost } from "#lab/wire/applications.ts";
import { cdrFile, gtpPrime, gtpPrimeAnswer, pgwCdr } from "#lab/wire/cdr.ts";
import { cat, type Octets, text, u16, u32, u8 } from "#lab/wire/octets.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "undeclared-peer";

function records(c: Case, count: number, placed = true): Octets[] {
  const r = c.random;
  const plmn = c.layout.plmn;
  const nibbles =
    plmn.length === 5
      ? `${plmn[1]}${plmn[0]}f${plmn[2]}${plmn[4]}${plmn[3]}`
      : `${plmn[1]}${plmn[0]}${plmn[5]}${plmn[2]}${plmn[4]}${plmn[3]}`;
  const network = Uint8Array.from(Buffer.from(nibbles, "hex"));
  return Array.from({ length: count }, () =>
    pgwCdr({
      imsi: plmn + r.digits(15 - plmn.length),
      msisdn: `336${r.digits(8)}`,
      apn: "internet",
      chargingId: r.u32(),
      gateway: c.layout.pgwC.at.s5 ?? c.layout.pgwU.at.sgi ?? "10.0.0.1",
      ...(placed ? { place: cat(u8(0x18), network, u16(r.int(1, 65_000)), network, u32(r.int(1, 0xfffffff))) } : {}),
    }),
  );
}

/** GTP' over UDP, three records a request, each answered. */
function transfer(c: Case, from: string, to: string, at: number, all: readonly Octets[], label?: string): void {
  for (let i = 0; i * 3 < all.length; i++) {
    c.cables.udp("oam", at + i * 0.4, from, to, 3386, 3386, gtpPrime(i + 1, all.slice(3 * i, 3 * i + 3)), label);
    c.cables.udp("oam", at + i * 0.4 + 0.01, to, from, 3386, 3386, gtpPrimeAnswer(i + 1), label);
  }
}

/** PostgreSQL's simple query: RowDescription, DataRow, CommandComplete, ReadyForQuery, all in text. */
function postgres(c: Case, count: number): Octets {
  const r = c.random;
  const message = (type: string, body: Octets): Octets => cat(text(type), u32(4 + body.length), body);
  const field = (name: string): Octets => cat(text(`${name}\0`), u32(16_400), u16(1), u32(25), u16(0xffff), u32(0xffffffff), u16(0));
  const column = (value: string): Octets => cat(u32(value.length), text(value));
  const rows = Array.from({ length: count }, () =>
    message(
      "D",
      cat(
        u16(3),
        column(c.layout.plmn + r.digits(15 - c.layout.plmn.length)),
        column(String(r.int(1, 0xfffffff))),
        column("2026-01-01 12:00:00"),
      ),
    ),
  );
  return cat(
    message("T", cat(u16(3), field("imsi"), field("cell_id"), field("seen"))),
    ...rows,
    message("C", text(`SELECT ${count}\0`)),
    message("Z", text("I")),
  );
}

/** MySQL's text protocol: columns, rows, end; each packet with length and number. */
function mysql(c: Case, count: number): Octets {
  const r = c.random;
  let n = 0;
  const packet = (body: Octets): Octets => cat(Uint8Array.of(body.length & 255, body.length >> 8, 0, ++n & 255), body);
  const string = (value: string): Octets => cat(u8(value.length), text(value));
  const column = (name: string): Octets =>
    cat(
      string("def"),
      string("hlr"),
      string("seen"),
      string("seen"),
      string(name),
      string(name),
      u8(12),
      u16(0x2100),
      u32(64),
      u8(253),
      u16(0),
      u8(0),
      u16(0),
    );
  const rows = Array.from({ length: count }, () =>
    packet(cat(string(c.layout.plmn + r.digits(15 - c.layout.plmn.length)), string(String(r.int(100_000, 0xfffffff))))),
  );
  const end = Uint8Array.of(0xfe, 0, 0, 2, 0);
  return cat(packet(u8(2)), packet(column("imsi")), packet(column("ecgi")), packet(end), ...rows, packet(end));
}

function talk(
  c: Case,
  element: NetworkFunction,
  peer: string,
  port: number,
  at: number,
  fromElement: boolean,
  sent: Octets,
  label?: string,
): void {
  const labelled = label === undefined ? {} : { label };
  elementTalk(c.core, element, at, {
    peer,
    port,
    fromElement,
    script: fromElement
      ? [
          { from: "client", data: sent, ...labelled },
          { from: "server", data: port === 80 ? text("HTTP/1.1 204 No Content\r\n\r\n") : c.random.bytes(11), ...labelled },
        ]
      : [
          { from: "client", data: cat(text("Q"), u32(40), text("select imsi, cell_id, seen from seen;\0")), ...labelled },
          { from: "server", data: sent, ...labelled },
        ],
  });
}

function own(c: Case): string {
  return c.layout.pgwC.at.oam ?? "";
}

function reportHost(c: Case, protocols: string): string {
  const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
  c.declared.services.push(`{ name: report-1, addresses: [${host}], protocols: ${protocols} }`);
  return host;
}

function due(c: Case, element: NetworkFunction, receiver: string, also: string[] = []): void {
  c.expect.push({
    claim: CLAIM,
    claimAlso: ["ungranted-access"],
    minGrade: "corroborated",
    element,
    receiver,
    receiverAlso: also,
    data: ["identity", "location"],
    label: "act",
  });
}

export const bulkRecords: Scenario[] = [
  scenario(
    "peer-cdr-gtp-prime",
    "positive",
    CLAIM,
    "The gateway sends its charging records in GTP' to a host that nobody declared.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const to = stranger(c);
      transfer(c, own(c), to, t + 2, records(c, 30), "act");
      due(c, c.layout.pgwC, to);
    },
  ),
  scenario(
    "peer-cdr-file",
    "positive",
    CLAIM,
    "A file of charging records in BER goes by HTTP to a declared host that may carry nothing of the kind.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const host = reportHost(c, "[http]");
      const file = httpPost("report-1", "/upload", cdrFile(records(c, 60), c.random.bytes(20)), "application/octet-stream");
      talk(c, c.layout.pgwC, host, 80, t + 2, true, file, "act");
      due(c, c.layout.pgwC, host, ["report-1"]);
    },
  ),
  ...(["postgres", "mysql"] as const).map((kind) =>
    scenario(
      `peer-rows-${kind}`,
      "positive",
      CLAIM,
      `Rows of subscribers and cells go in clear (${kind}) to a declared host that may not have them.`,
      { oam: true },
      (c) => {
        const t = everyday(c);
        const port = kind === "postgres" ? 5432 : 3306;
        const host = reportHost(c, `[tcp/${port}]`);
        talk(c, c.layout.mme, host, port, t + 2, true, kind === "postgres" ? postgres(c, 60) : mysql(c, 60), "act");
        due(c, c.layout.mme, host, ["report-1"]);
      },
    ),
  ),
  scenario(
    "twin-peer-cdr-gateway",
    "twin",
    CLAIM,
    "The same records in GTP' to the charging gateway that is declared.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
      c.declared.functions.push(`{ name: cgf-1, roles: [CGF], addresses: [${host}] }`);
      transfer(c, own(c), host, t + 2, records(c, 30));
    },
  ),
  scenario(
    "twin-peer-cdr-billing",
    "twin",
    CLAIM,
    "The file goes to billing, which `transfers` names for charging records.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
      c.declared.more.push(`transfers: [{ kind: cdr, from: [${c.layout.pgwC.name}], to: [${host}], protocols: [http] }]`);
      talk(
        c,
        c.layout.pgwC,
        host,
        80,
        t + 2,
        true,
        httpPost("billing", "/cdr", cdrFile(records(c, 60), c.random.bytes(20)), "application/octet-stream"),
      );
    },
  ),
  scenario(
    "twin-peer-cdr-unplaced",
    "twin",
    CLAIM,
    "Usage without places goes to a declared host: volumes are no list of who is where.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const host = reportHost(c, "[http]");
      const file = httpPost("report-1", "/usage", cdrFile(records(c, 60, false), c.random.bytes(20)), "application/octet-stream");
      talk(c, c.layout.pgwC, host, 80, t + 2, true, file);
    },
  ),
];
