/** Servers that subscribers' devices name, as `scan --case` counts them, against tshark's reading of the same captures. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { udp } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import { pcap } from "#lab/wire/pcap.ts";
import { A2_CRYPTO, cryptoPiece, quicInitial } from "#lab/wire/quic.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import type { ServiceObservation } from "#model/observation.ts";
import { scan } from "#run/scan.ts";
import { registrableName } from "#sense/server-name.ts";

const FOLDER = "../shared/captures";
const captures = ["open5gs_srsenb_lte_attach.pcapng", "zeek_gtp6_tls_inside.pcap", "open5gs_volte_nonipsec_registration.pcapng"].filter(
  (c) => existsSync(join(FOLDER, c)),
);
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
if (captures.length === 0) console.warn("SKIPPED: ../shared/captures is missing: names of servers are not compared");
if (!hasTshark) console.warn("SKIPPED: tshark is missing: names of servers are not compared");

async function services(paths: readonly string[], kept = true): Promise<ServiceObservation[]> {
  const told: ServiceObservation[] = [];
  await scan({
    paths,
    declaration: null,
    skipBad: false,
    identities: true,
    services: kept,
    opened: () => Promise.resolve((observation) => void (observation.kind === "service" && told.push(observation))),
  });
  return told;
}

/** Flows by source and name, as tshark reads them inside GTP. */
function read(path: string): Map<string, number> {
  const fields = "ip.src ip.dst tcp.srcport udp.srcport tls.handshake.extensions_server_name dns.qry.name dns.qry.type dns.flags.response";
  const text = execFileSync("tshark", [
    "-r",
    path,
    "-Y",
    "gtp && (tls.handshake.type == 1 || (dns && udp.port == 53))",
    "-T",
    "fields",
    "-E",
    "occurrence=l",
    ...fields.split(" ").flatMap((f) => ["-e", f]),
  ]).toString();
  const flows = new Map<string, Set<string>>();
  for (const line of text.split("\n").filter((l) => l !== "")) {
    const [src, dst, tcpPort, udpPort, sni = "", asked = "", type = "", response] = line.split("\t");
    const query = response === "0" && ["1", "28", "65"].includes(type);
    const name = registrableName(sni !== "" ? sni : query ? asked : "");
    if (name === undefined) continue;
    const source = sni === "" ? "dns" : tcpPort === "" ? "quic" : "tls";
    const key = `${source} ${name}`;
    flows.set(key, (flows.get(key) ?? new Set()).add(`${src} ${dst} ${source === "tls" ? tcpPort : udpPort}`));
  }
  return new Map([...flows].map(([key, set]) => [key, set.size]));
}

describe.skipIf(!hasTshark).each(captures)("%s", (name) => {
  it("names the same servers in as many flows as tshark does", async () => {
    const path = join(FOLDER, name);
    const ours = new Map<string, number>();
    for (const s of await services([path])) ours.set(`${s.source} ${s.name}`, (ours.get(`${s.source} ${s.name}`) ?? 0) + s.flows);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(read(path)));
    if (name.startsWith("open5gs_srsenb")) expect(ours.size).toBeGreaterThan(5);
  });
});

it.skipIf(!hasTshark)("QUIC inside GTP: the name that tshark reads, too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-services-"));
  try {
    const path = join(folder, "quic.pcap");
    const all = A2_CRYPTO.length - 4;
    const client = (sport: number, payload: Uint8Array): Uint8Array =>
      ethernet(
        { src: "02:00:00:00:00:01", dst: "02:00:00:00:00:02" },
        udp("10.0.1.9", "10.0.1.1", 2152, 2152, gtpu(7, udp("10.45.0.1", "198.51.100.9", sport, 443, payload))),
      );
    const frames = [
      client(4000, quicInitial(A2_CRYPTO, 2)),
      client(4001, quicInitial(cryptoPiece(60, all), 0)),
      client(4001, quicInitial(cryptoPiece(0, 60), 1)),
    ];
    writeFileSync(path, pcap(frames.map((bytes, i) => ({ nanos: 1_700_000_000_000_000_000n + BigInt(i), bytes }))));
    const ours = (await services([path])).map((s) => [`${s.source} ${s.name}`, s.flows]);
    expect(ours).toEqual([["quic example.com", 2]]);
    expect(read(path).get("quic example.com")).toBeGreaterThanOrEqual(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it.skipIf(captures.length === 0)("counts nothing where no case is recorded", async () => {
  expect(await services([join(FOLDER, captures[0] as string)], false)).toEqual([]);
});
