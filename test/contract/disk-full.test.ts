/**
 * A full disk, at whatever write it fills: exit 2 with one line that says what to do, and the case goes on from there when there is room again. The disk is a small
 * tmpfs in a mount namespace of its own.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "tapproof-full-"));
const disk = join(folder, "disk");
mkdirSync(disk);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, TAPPROOF_FROM_SOURCE: "1", TAPPROOF_HOME: join(folder, "home") };
const CAPTURE = "examples/lte-lab-b1-vxlan-mirred/sgi.pcap.gz";
const mounts = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status === 0;
if (!mounts) console.warn("disk-full: no small disk can be mounted here (unshare -m, mount), a full disk is NOT tested");

/** Runs shell lines on a disk of so many KiB; answers, of each `try NAME COMMAND...`, its exit code and what it said on stderr. */
function onDisk(kib: number, lines: string): Map<string, { readonly code: number; readonly said: string }> {
  const script = `set -u
mount -t tmpfs -o size=${kib}k tmpfs ${disk} || exit 99
tapproof() { ${process.execPath} bin/tapproof.cjs "$@"; }
try() { name=$1; shift; said=$("$@" 2>&1 >/dev/null); code=$?; printf '%s\\t%s\\t%s\\n' "$name" "$code" "$(printf %s "$said" | tr '\\n' '|')"; }
room() { mount -o remount,size=64m ${disk}; }
${lines}`;
  const { status, stdout } = spawnSync("unshare", ["-m", "bash", "-c", script], { env, encoding: "utf8" });
  expect(status).toBe(0);
  const rows = stdout.trim().split("\n");
  return new Map(
    rows.map((row) => row.split("\t") as [string, string, string]).map(([name, code, said]) => [name, { code: Number(code), said }]),
  );
}

const SAYS_WHAT_TO_DO = /(no space is left on the disk; free some|check who may write there, and whether there is space left|disk is full)/;

describe.skipIf(!mounts)("a disk that is full", () => {
  it.each([16, 96, 240, 480, 900, 1_280, 1_500])("at %i KiB of a scan into a case", { timeout: 240_000 }, (kib) => {
    const done = onDisk(
      kib,
      `try scan tapproof scan ${CAPTURE} --case ${disk}/case
room
try again tapproof scan ${CAPTURE} --case ${disk}/case --append
try check tapproof custody ${disk}/case --check`,
    );
    const { code, said } = done.get("scan") ?? { code: -1, said: "" };
    expect([code, said]).toEqual([2, expect.stringMatching(SAYS_WHAT_TO_DO)]);
    expect(said.split("|").filter((line) => line !== "" && !line.includes("warning"))).toHaveLength(1);
    expect(done.get("again")).toMatchObject({ code: 0 });
    expect(done.get("check")).toMatchObject({ code: 0 });
  });

  it("when something is added to a case, sealed, written or copied", { timeout: 240_000 }, () => {
    const commands = {
      custody: `custody ${disk}/case --add opened --purpose audit`,
      report: `report ${disk}/case`,
      csv: `report ${disk}/case --format csv --out ${disk}/findings.csv`,
      bundle: `bundle ${disk}/case`,
      handOver: `custody ${disk}/case --hand-over ${disk}/copy --purpose audit`,
    };
    const all = Object.entries(commands);
    const done = onDisk(
      65_536,
      `try scan tapproof scan ${CAPTURE} --case ${disk}/case
dd if=/dev/zero of=${disk}/filler bs=4k 2>/dev/null
${all.map(([name, command]) => `try ${name} tapproof ${command}`).join("\n")}
rm ${disk}/filler; rm -rf ${disk}/copy
try check tapproof custody ${disk}/case --check
${all.map(([name, command]) => `try ${name}Again tapproof ${command}`).join("\n")}
try checkAgain tapproof custody ${disk}/case --check`,
    );
    expect(done.get("scan")).toMatchObject({ code: 0 });
    for (const [name] of all) {
      expect([name, done.get(name)]).toEqual([name, { code: 2, said: expect.stringMatching(SAYS_WHAT_TO_DO) }]);
      expect([name, done.get(`${name}Again`)?.code]).toEqual([name, 0]);
    }
    expect([done.get("check")?.code, done.get("checkAgain")?.code]).toEqual([0, 0]);
  });
});
