/**
 * The library of lies (`forgeries/`): each is made by somebody who holds the signing key, so that every hash and signature holds; each must be told
 * by both verifiers, by the check that is named.
 */
import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyBundle } from "#verify/verify.ts";
import { LIBRARY } from "./forgeries/library.ts";
import type { Cases } from "./forgeries/forgery.ts";
import { KEY, labSource, makeCase, removeTemporary } from "./make.ts";
import { pythonAtHand, verifyManyInPython } from "./python.ts";

const primitives = { sha256: (octets: Uint8Array): Uint8Array => hash("sha256", octets, "buffer") };

let cases: Cases;
beforeAll(async () => {
  cases = {
    copy: await makeCase(labSource("copy-vxlan")),
    clean: await makeCase(labSource("clean-cups")),
    product: await makeCase(labSource("x1-and-x3")),
    rule: await makeCase(labSource("dupl-hijack")),
    access: await makeCase(labSource("access-http")),
    query: await makeCase(labSource("query-plr")),
    channel: await makeCase(labSource("channel-icmp")),
    cut: await makeCase(labSource("clean-cups")),
  };
}, 120_000);
afterAll(removeTemporary);

describe("forgeries that are signed anew", () => {
  it("the honest bundles pass, so that a lie is told for what it says", async () => {
    for (const made of Object.values(cases) as Cases[keyof Cases][]) {
      const { checks, level } = await verifyBundle(made.octets, { key: KEY, primitives });
      expect(checks.filter((c) => c.status === "failed")).toEqual([]);
      expect(level).toBe("L2");
    }
  });

  it("no lie is told twice", () => {
    expect(new Set(LIBRARY.map((f) => f.lie)).size).toBe(LIBRARY.length);
  });

  it.each(LIBRARY)("$lie ($check)", async ({ check, make }) => {
    const { checks, passed } = await verifyBundle(make(cases), { key: KEY, primitives });
    expect(passed).toBe(false);
    expect(checks.filter((c) => c.status === "failed").map((c) => c.code)).toContain(check);
  });

  it.skipIf(!pythonAtHand())(
    "the second verifier tells every one of them, by the same check",
    () => {
      const bundles = LIBRARY.map((f) => f.make(cases));
      const theirs = verifyManyInPython(bundles, KEY);
      for (const [i, { lie, check }] of LIBRARY.entries())
        expect(
          theirs[i]?.filter((c) => c.status === "failed").map((c) => c.code),
          lie,
        ).toContain(check);
    },
    120_000,
  );
});
