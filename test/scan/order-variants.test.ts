import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { type CaseTruth, score } from "#lab/score.ts";
import { writeCase } from "#lab/suite.ts";
import { declaredInBoth, rewrite, sixFor, type Variant, VARIANTS } from "#lab/variants.ts";
import type { Claim } from "#model/finding.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";

/**
 * Issue 4: each order is also found split over SCTP chunks or TCP segments, bundled behind another message, in IP fragments, over IPv6 and behind VLAN tags; and each twin
 * stays silent in all of these forms. Scored as strictly as the plain form.
 */
const ORDERS: ReadonlySet<Claim> = new Set(["unwarranted-interception", "undeclared-duplication", "undeclared-trace", "unreasoned-query"]);

const root = mkdtempSync(join(tmpdir(), "tapproof-variants-"));
const scenarios = catalogue.filter(({ claim }) => ORDERS.has(claim as Claim)).map(({ name }) => name);

beforeAll(() => {
  for (const s of catalogue) if (scenarios.includes(s.name)) writeCase(s, "variants", join(root, s.name));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function play(name: string, variant: Variant): Promise<string[]> {
  const source = join(root, name);
  const target = join(root, `${name}.${variant}`);
  mkdirSync(target);
  const yaml = readFileSync(join(source, "network.yaml"), "utf8");
  const pool = /subscribers: \{ addresses: \[(\d+\.\d+\.\d+)\./.exec(yaml)?.[1] ?? "";
  const inPool = (address: Uint8Array): boolean => address.subarray(0, 3).join(".") === pool;
  const truth = JSON.parse(readFileSync(join(source, "truth.json"), "utf8")) as CaseTruth;
  const files = readdirSync(source);
  const numbers = new Map<string, readonly number[]>();
  for (const file of files.filter((f) => f.endsWith(".pcap"))) {
    const { bytes, frames } = rewrite(readFileSync(join(source, file)), variant, (src, dst) => inPool(src) || inPool(dst));
    writeFileSync(join(target, file), bytes);
    numbers.set(file, frames);
  }
  writeFileSync(join(target, "network.yaml"), variant === "ipv6" ? declaredInBoth(yaml) : yaml);
  const six = (address: string | null): (string | null)[] =>
    address !== null && /^\d+\.\d+\.\d+\.\d+$/.test(address) ? [address, sixFor(address)] : [address];
  const expected: CaseTruth = {
    ...truth,
    case: name,
    // An address that a message names stays as it was, so that traffic to it over IPv6 is no effect of that message.
    expect: truth.expect.map(({ act, ...e }) => ({
      ...e,
      ...(act === undefined || variant === "ipv6" ? {} : { act }),
      elementAddresses: (e.elementAddresses ?? []).flatMap((a) => six(a)).filter((a) => a !== null),
      elementAlso: [...(e.elementAlso ?? []), ...six(e.element)].filter((a) => a !== null),
      receiverAlso: [...(e.receiverAlso ?? []).flatMap(six), ...six(e.receiver)],
      frames: (e.frames ?? []).map((frame) => numbers.get(e.file ?? "")?.[frame - 1] ?? frame),
    })),
  };
  const warrants = files.find((file) => file.startsWith("warrants."));
  if (warrants !== undefined) {
    const rows = readFileSync(join(source, warrants), "utf8");
    // Headers change their family, messages do not: the facility has both addresses.
    const six = rows
      .split("\n")
      .filter((row) => row.startsWith("- "))
      .map((row) =>
        row.replace(/id: ([^,]+)/, "id: $1-6").replaceAll(/receiver: ([\d.]+)/g, (_, address: string) => `receiver: "${sixFor(address)}"`),
      );
    writeFileSync(join(target, warrants), variant === "ipv6" ? [rows.trimEnd(), ...six, ""].join("\n") : rows);
  }
  const { document } = await scan({
    paths: [...numbers.keys()].map((file) => join(target, file)),
    declaration: loadDeclaration(join(target, "network.yaml")),
    register: warrants === undefined ? null : loadRegister(join(target, warrants)),
    skipBad: false,
    identities: true,
  });
  rmSync(target, { recursive: true });
  const s = score([expected], new Map([[name, document]]));
  return [
    ...s.misses.map(({ nearest }) => `${name}: missed${nearest === null ? "" : `, lacks ${nearest.lacks.join(", ")}`}`),
    ...s.accusations.map(({ finding, why }) => `${name}: ${finding.claim} (${finding.grade}) ${why}`),
  ];
}

describe("orders in every form", () => {
  it.each(VARIANTS)("%s", { timeout: 120_000 }, async (variant) => {
    const wrong: string[] = [];
    for (const name of scenarios) wrong.push(...(await play(name, variant)));
    expect(wrong).toEqual([]);
  });
});
