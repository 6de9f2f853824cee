import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { writeSuite } from "#lab/suite.ts";
import type { Fact } from "#model/fact.ts";
import { loadRegister } from "#register/load.ts";
import { JudgeEngine, type Judgement } from "#run/engine/judge.ts";
import { scan, type ScanResult, type ScanSettings } from "#run/scan.ts";
import { decodeFact, encodeFact } from "#stream/codec.ts";

/** The whole lab, judged behind a function call and behind written lines: nothing that is told may depend on the objects of the process that told it. */
const root = mkdtempSync(join(tmpdir(), "tapproof-stream-"));
let names: readonly string[] = [];
beforeAll(() => void (names = writeSuite("stream", root)));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What the published schema says against a line; null where nothing. */
const schema = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync("schemas/fact.schema.json", "utf8")) as object);
function against(line: string): string | null {
  return schema(JSON.parse(line)) ? null : JSON.stringify(schema.errors?.slice(-2).map((e) => [e.instancePath, e.message]));
}

/** Declaration and register of a scenario. */
function rules(name: string): Pick<ScanSettings, "declaration" | "register"> {
  const directory = join(root, name);
  const warrants = readdirSync(directory).find((file) => file.startsWith("warrants."));
  return {
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: warrants === undefined ? null : loadRegister(join(directory, warrants)),
  };
}

async function scanned(name: string, between?: ScanSettings["between"], stocks?: ScanSettings["stocks"]): Promise<ScanResult> {
  const directory = join(root, name);
  return scan({
    paths: readdirSync(directory)
      .filter((file) => file.includes(".pcap"))
      .map((file) => join(directory, file)),
    ...rules(name),
    skipBad: false,
    identities: true,
    copyKeys: { print: new Uint8Array(16).fill(1), sampling: new Uint8Array(16).fill(2) },
    pseudonymKey: new Uint8Array(32),
    ...(between === undefined ? {} : { between }),
    ...(stocks === undefined ? {} : { stocks }),
  });
}

async function judged(
  name: string,
  between?: ScanSettings["between"],
  stocks?: ScanSettings["stocks"],
): Promise<Omit<FindingsDocument, "stats">> {
  const { document } = await scanned(name, between, stocks);
  const { stats: _, ...rest } = document;
  return rest;
}

it("judges facts that were written and read as it judges those of its own process", { timeout: 300_000 }, async () => {
  const kinds = new Map<string, number>();
  const unlike = new Set<string>();
  const written = (take: (fact: Fact) => void) => (fact: Fact) => {
    kinds.set(fact.kind, (kinds.get(fact.kind) ?? 0) + 1);
    const line = encodeFact(fact);
    const wrong = against(line);
    if (wrong !== null) unlike.add(`${fact.kind} ${wrong}`);
    const read = decodeFact(line);
    if (read === null) throw new Error(`${fact.kind} was not read back`);
    take(read);
  };
  const differ: string[] = [];
  for (const name of names) {
    const there = JSON.stringify(await judged(name, written));
    if (there !== JSON.stringify(await judged(name))) differ.push(name);
  }
  expect(differ).toEqual([]);
  expect([...unlike].slice(0, 10), "lines that are not as schemas/fact.schema.json says").toEqual([]);
  for (const kind of ["message", "use", "channel", "flow", "copy"]) expect(kinds.get(kind), kind).toBeGreaterThan(0);
});

it("the published schema refuses a line of another version, kind or shape", () => {
  const gap = { kind: "gap", gap: { point: null, code: "x" } };
  for (const line of [
    { v: 2, fact: gap },
    { v: 1, fact: { kind: "rumour" } },
    { v: 1, fact: { kind: "missing", change: "one" } },
    { v: 1 },
  ])
    expect(against(JSON.stringify(line)), JSON.stringify(line)).not.toBeNull();
});

it(
  "judges the same elsewhere, from the lines alone, and the same again when stock is taken twice or amid the stream",
  { timeout: 300_000 },
  async () => {
    const differ: string[] = [];
    for (const name of names) {
      const lines: string[] = [];
      const here = await scanned(name, (take) => (fact) => {
        lines.push(encodeFact(fact));
        take(fact);
      });
      const { declaration, register } = rules(name);
      const judge = new JudgeEngine({
        declaration: declaration === null ? null : new Lookup(declaration.declaration),
        register: register ?? null,
        points: here.picture.points,
        seed: 5,
      });
      lines.forEach((line, i) => {
        const fact = decodeFact(line);
        if (fact !== null) judge.take(fact);
        if (i === lines.length >> 1) judge.stock();
      });
      const first = JSON.stringify(judge.stock());
      const { drafts, undecided } = judge.stock();
      const same =
        first === JSON.stringify(judge.stock()) &&
        JSON.stringify(drafts) === JSON.stringify(here.drafts) &&
        JSON.stringify(undecided) === JSON.stringify(here.document.coverage.undecided);
      if (!same) differ.push(name);
    }
    expect(differ).toEqual([]);
  },
);

it("comes to the same when stock is taken of what lasts, however often, and finds it while it lasts", { timeout: 600_000 }, async () => {
  const differ: string[] = [];
  const lasting = new Map<string, number>();
  const found = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    let goesOn = false;
    const words = (take: (fact: Fact) => void) => (fact: Fact) => {
      if ((fact.kind === "flow" || fact.kind === "use" || fact.kind === "channel") && !fact.ended)
        lasting.set(fact.kind, (lasting.get(fact.kind) ?? 0) + 1);
      goesOn = fact.kind === "flow" || fact.kind === "use" || fact.kind === "channel" ? !fact.ended : goesOn;
      take(fact);
    };
    const stocks = {
      every: 23 + (i % 5) * 31,
      taken: ({ drafts }: Judgement) => {
        if (goesOn) for (const { claim } of drafts) found.set(claim, (found.get(claim) ?? 0) + 1);
      },
    };
    const amid = JSON.stringify(await judged(name, words, stocks));
    if (amid !== JSON.stringify(await judged(name))) differ.push(name);
  }
  expect(differ).toEqual([]);
  for (const kind of ["flow", "use", "channel"]) expect(lasting.get(kind), kind).toBeGreaterThan(0);
  for (const claim of ["ghost-tunnel", "covert-channel", "ungranted-access", "undeclared-peer"])
    expect(found.get(claim), claim).toBeGreaterThan(0);
});
