/** What the server needs of a case's database, read once when the case is opened: sums, not rows, so that it stays small for a country. */
import { readCase, type Ask } from "#store/query.ts";
import { limits } from "#serve/limits.ts";

export interface RoleRow {
  readonly address: string;
  readonly name: string | null;
  readonly vendor: string | null;
  readonly role: string;
  readonly because: string;
  readonly seen: number;
}
export interface ReferenceRow {
  readonly a: string;
  readonly b: string;
  readonly name: string;
  readonly messages: number;
}
export interface TunnelSum {
  readonly source: string;
  readonly address: string;
  readonly interface: string | null;
  readonly packets: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
}
export interface FlowSum {
  readonly initiator: string;
  readonly responder: string;
  readonly protocol: number;
  readonly application: string | null;
  readonly explained: string | null;
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
  readonly handshake: boolean;
  readonly first: string;
  readonly last: string;
}
export interface ServiceSum {
  readonly initiator: string;
  readonly responder: string;
  readonly name: string;
  readonly application: string | null;
  readonly explained: boolean;
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
}
/** Of subscribers' own devices; `services` above is the network's. */
export interface DeviceServiceSum {
  readonly tac: string | null;
  readonly name: string | null;
  readonly source: string;
  readonly subscribers: number;
  readonly flows: number;
}
export interface DeviceSum {
  readonly tac: string | null;
  readonly devices: number;
}

/** Octets of a point over time. */
export interface VolumeRow {
  readonly file: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly seconds: number;
  readonly bytes: number;
}

export interface CaseTables {
  readonly volumes: readonly VolumeRow[];
  readonly roles: readonly RoleRow[];
  readonly references: readonly ReferenceRow[];
  readonly tunnels: readonly TunnelSum[];
  readonly flows: readonly FlowSum[];
  readonly services: readonly ServiceSum[];
  readonly devices: readonly DeviceSum[];
  readonly deviceServices: readonly DeviceServiceSum[];
  /** Questions that could not be answered (an older case, a database in use), one sentence each. */
  readonly missing: readonly string[];
}

export const NO_TABLES: CaseTables = {
  volumes: [],
  roles: [],
  references: [],
  tunnels: [],
  flows: [],
  services: [],
  devices: [],
  deviceServices: [],
  missing: [],
};

// `s:` a subscriber's pseudonym, `ip:` his address in clear (a case made with `--identities`): neither is a function of the network
/** A row whose amount is not told (`docs/register.md`) stands for one packet at least, and for the whole period of what was read. */
const AMOUNTS = "sum(coalesce(packets, 1))::DOUBLE AS packets, sum(coalesce(bytes, 1))::DOUBLE AS bytes";
const PERIOD =
  "coalesce(min(first), (SELECT min(c.first) FROM captures c)) AS first, coalesce(max(last), (SELECT max(c.last) FROM captures c)) AS last";

const QUESTIONS = {
  volumes: `SELECT c.file, p.name, epoch_ms(v."from")::DOUBLE AS "from", max(v.seconds)::DOUBLE AS seconds, sum(v.bytes)::DOUBLE AS bytes
    FROM volumes v JOIN points p ON p.run = v.run AND p.point = v.point JOIN captures c ON c.run = v.run AND c.capture = p.capture
    GROUP BY ALL ORDER BY 1, 2, 3`,
  roles: `SELECT address, min(name) AS name, min(vendor) AS vendor, role, min(because) AS because, sum(seen)::DOUBLE AS seen
    FROM elements GROUP BY address, role ORDER BY seen DESC, address, role`,
  references: `SELECT a, b, name, sum(messages)::DOUBLE AS messages FROM reference_points GROUP BY a, b, name ORDER BY messages DESC, a, b, name`,
  tunnels: `SELECT source, address, interface, ${AMOUNTS}, ${PERIOD}
    FROM tunnels WHERE run IN (SELECT run FROM captures) GROUP BY source, address, interface ORDER BY bytes DESC, source, address, interface`,
  flows: `SELECT initiator, responder, protocol, application, explained, count(*)::DOUBLE AS flows, ${AMOUNTS},
    bool_or(handshake) AS handshake, ${PERIOD}
    FROM flows WHERE run IN (SELECT run FROM captures) AND NOT regexp_matches(initiator, '^(s|ip):') AND NOT regexp_matches(responder, '^(s|ip):')
    GROUP BY initiator, responder, protocol, application, explained
    ORDER BY bytes DESC, initiator, responder, protocol, application, explained`,
  services: `SELECT initiator, responder, server_name AS name, application, bool_or(explained IS NOT NULL) AS explained, count(*)::DOUBLE AS flows, ${AMOUNTS}
    FROM flows WHERE run IN (SELECT run FROM captures) AND server_name IS NOT NULL
    AND NOT regexp_matches(initiator, '^(s|ip):') AND NOT regexp_matches(responder, '^(s|ip):') GROUP BY initiator, responder, server_name, application
    ORDER BY flows DESC, initiator, responder, server_name, application`,
  devices: `SELECT tac, count(DISTINCT subscriber)::DOUBLE AS devices FROM sessions GROUP BY tac ORDER BY devices DESC, tac`,
  // the same subscribers may be in several runs, so that the largest is what there is at least
  deviceServices: `SELECT tac, name, source, max(subscribers)::DOUBLE AS subscribers, sum(flows)::DOUBLE AS flows
    FROM services WHERE run IN (SELECT run FROM captures) GROUP BY tac, name, source ORDER BY flows DESC, name, source`,
} as const;

export async function loadTables(database: string): Promise<CaseTables> {
  const missing: string[] = [];
  const read = async <T>(ask: Ask, name: keyof typeof QUESTIONS): Promise<readonly T[]> => {
    try {
      const { columns, rows, more } = await ask(QUESTIONS[name], [], limits.tableRows);
      if (more) missing.push(`${name}: more than ${limits.tableRows} rows; the largest are shown`);
      return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])) as T);
    } catch (error) {
      missing.push(`${name}: ${(error instanceof Error ? error.message : "cannot be read").split("\n")[0] ?? ""}`);
      return [];
    }
  };
  try {
    return await readCase(database, async (ask) => ({
      volumes: await read<VolumeRow>(ask, "volumes"),
      roles: await read<RoleRow>(ask, "roles"),
      references: await read<ReferenceRow>(ask, "references"),
      tunnels: (await read<TunnelSum>(ask, "tunnels")).map(timed),
      flows: (await read<FlowSum>(ask, "flows")).map(timed),
      services: await read<ServiceSum>(ask, "services"),
      devices: await read<DeviceSum>(ask, "devices"),
      deviceServices: await read<DeviceServiceSum>(ask, "deviceServices"),
      missing,
    }));
  } catch (error) {
    return {
      ...NO_TABLES,
      missing: [`the case's database cannot be read: ${(error instanceof Error ? error.message : "").split("\n")[0] ?? ""}`],
    };
  }
}

function timed<T extends { readonly first: string; readonly last: string }>(row: T): T {
  return { ...row, first: rfc3339(row.first), last: rfc3339(row.last) };
}

/** DuckDB writes `2026-11-24 03:05:33.45625`. */
export function rfc3339(text: string): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text.replace(" ", "T")}Z` : text;
}
