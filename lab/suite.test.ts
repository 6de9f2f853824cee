import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "./scenarios/catalogue.ts";
import { CLAIMS } from "#model/finding.ts";
import { writeSuite } from "./suite.ts";
import type { Truth } from "./case.ts";

/** Octets of one capture file; CI scans all of them. */
const LARGEST = 600_000;
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

describe("every scenario", () => {
  test("names are unique and speak", () => {
    expect(new Set(catalogue.map((s) => s.name)).size).toBe(catalogue.length);
    for (const s of catalogue) expect(s.description.length).toBeGreaterThan(15);
    for (const claim of CLAIMS) {
      expect(catalogue.some((s) => s.claim === claim && s.kind === "positive")).toBe(true);
      expect(catalogue.some((s) => s.claim === claim && s.kind === "twin")).toBe(true);
    }
  });

  test.each(catalogue.map((s) => [s.name, s] as const))("%s plays with any seed, the same for the same seed", (_, s) => {
    for (const seed of ["1", "beta"]) {
      const [a, b] = [s.play(seed).finish(), s.play(seed).finish()];
      expect([...a.keys()]).toEqual([...b.keys()]);
      for (const [name, content] of a) expect(Buffer.compare(content, b.get(name) ?? new Uint8Array(0))).toBe(0);
      const truth = JSON.parse(Buffer.from(a.get("truth.json") ?? []).toString()) as Truth;
      expect(truth.expect.length > 0).toBe(s.kind === "positive");
      for (const e of truth.expect) {
        expect(a.has(e.file)).toBe(true);
        expect(e.frames?.length).toBeGreaterThan(0);
      }
      for (const [name, content] of a) if (name.endsWith(".pcap")) expect(content.length).toBeLessThan(LARGEST);
    }
  });
});

/** Fields that tshark must read in frames of a case: [scenario, display filter, at least]. */
const READINGS: [string, string, number][] = [
  ["clean-x2-handover", "s1ap.procedureCode == 3 && s1ap.gTP_TEID", 3],
  ["clean-x2-handover", "x2ap.procedureCode == 0 && x2ap.gTP_TEID", 6],
  ["clean-s1-handover", "s1ap.HandoverRequest_element", 2],
  ["clean-s1-handover", "gtpv2.message_type == 166", 1],
  ["clean-split", "gtpv2.message_type == 32 && gtpv2.f_teid_ipv4", 6],
  ["clean-cups", "pfcp.msg_type == 50 && pfcp.f_teid.teid", 3],
  ["clean-combined", "diameter.cmd.code == 316 && diameter.Subscription-Data", 3],
  ["null-ciphering", "nas_eps.emm.toc == 0", 1],
  ["trace-start", "s1ap.TraceStart_element && s1ap.traceCollectionEntityIPAddress", 1],
  ["trace-context-setup", "s1ap.procedureCode == 9 && s1ap.traceDepth", 1],
  ["trace-handover-request", "s1ap.procedureCode == 1 && s1ap.traceDepth", 1],
  ["trace-cell-traffic", "s1ap.CellTrafficTrace_element", 1],
  ["trace-create-session", "gtpv2.ie_type == 96", 1],
  ["trace-subscription-data", "diameter.Trace-Collection-Entity", 1],
  ["trace-pfcp", "pfcp.ie_type == 152", 1],
  ["dupl-establishment", "pfcp.apply_action.dupl == 1 && pfcp.ie_type == 5", 1],
  ["dupl-ipv6", "pfcp.outer_hdr_creation.ipv6", 1],
  ["dupl-bundled", "pfcp.apply_action.dupl == 1 && pfcp.ie_type == 105", 1],
  ["query-idr-location", "diameter.EPS-Location-Information", 3],
  ["query-plr-tcp", "diameter.cmd.code == 8388620", 2],
  ["query-slh", "diameter.cmd.code == 8388622", 6],
  ["copy-erspan-1", "erspan", 30],
  ["copy-erspan-2", "erspan.version == 1", 30],
  ["copy-erspan-3", "erspan.version == 2", 30],
  ["copy-gretap", "gre.proto == 0x6558", 30],
  ["copy-vxlan", "vxlan.vni", 30],
  ["copy-geneve", "geneve.vni", 30],
  ["copy-tzsp", "tzsp", 30],
  ["copy-mpls-gre", "gre.proto == 0x8847 && mpls.label", 30],
  ["copy-jmirror", "jmirror", 30],
  ["access-snmp-set", "snmp.data", 5],
  ["access-ssh-support", "ssh.kex_algorithms", 2],
  ["access-tr069", "http.request.method == POST", 1],
  ["channel-echo-extension", "gtpv2.ie_type == 255", 40],
  ["ike-null-chosen", "isakmp.tf.id.encr == 11", 2],
  ["peer-cdr-gtp-prime", "gprscdr.servedIMSI && !_ws.malformed", 10],
];

describe("tshark reads what the encoders wrote", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-"));
    writeSuite("oracle", folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  if (!hasTshark) console.warn("tshark is missing: the lab's encoders were NOT checked against it");

  const captures = (name: string): string[] => {
    const s = catalogue.find((x) => x.name === name);
    if (s === undefined) throw new Error(`no scenario ${name}`);
    return [...s.play("oracle").finish().keys()].filter((f) => f.endsWith(".pcap")).map((f) => join(folder, name, f));
  };
  const count = (file: string, filter: string): number => {
    const run = spawnSync("tshark", ["-r", file, "-Y", filter, "-T", "fields", "-e", "frame.number"], { encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    return run.stdout.split("\n").filter((l) => l !== "").length;
  };

  test.skipIf(!hasTshark).each(READINGS)("%s: %s", (name, filter, least) => {
    expect(captures(name).reduce((n, f) => n + count(f, filter), 0)).toBeGreaterThanOrEqual(least);
  });

  test.skipIf(!hasTshark)("no control message of any case is malformed", { timeout: 900_000 }, () => {
    // One merged reading a protocol family would mix streams, so each file is read alone; the user's own traffic may fool guessers.
    const control =
      "(_ws.malformed || _ws.expert.severity >= 8388608) && (s1ap || x2ap || gtpv2 || pfcp || diameter) && !gtp.teid && !(ip.proto == 17 && ip.dst == 100.64.0.0/10) && !(ip.src == 100.64.0.0/10)";
    // malformed on purpose: that is where they hide what they carry
    const skipped = new Set(["channel-sctp-ppid", "channel-gtpc-surplus", "channel-diameter-padding"]);
    const chosen = catalogue.filter((s, i) => !skipped.has(s.name) && (i % 6 === 0 || /handover|trace|dupl|query/.test(s.name)));
    for (const s of chosen)
      for (const f of captures(s.name))
        expect({ file: f.slice(folder.length), malformed: count(f, control) }).toEqual({ file: f.slice(folder.length), malformed: 0 });
  });

  test("a written case folder holds what the play gave", () => {
    const truth = JSON.parse(readFileSync(join(folder, "clean-cups", "truth.json"), "utf8")) as Truth;
    expect(truth.case).toBe("clean-cups");
    expect(truth.forbid).toHaveLength(CLAIMS.length);
  });
});
