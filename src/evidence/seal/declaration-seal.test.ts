import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { parseNote } from "#evidence/note/note.ts";
import { addSignature, makeSeal, openSeal, pointsHash, sealText, type DeclarationSeal, type SealParty } from "./declaration-seal.ts";
import { selfCheck, type PointTraffic } from "./self-check.ts";
import { standingInLog, standingOf, type StandingInput } from "./standing.ts";

const keys = ["operator", "installer", "court"].map((name, i) => Signer.fromSeed(`${name}.example`, new Uint8Array(32).fill(i + 1)));
const [operator, installer, court] = keys as [Signer, Signer, Signer];
const parties: readonly SealParty[] = [
  { name: "Exampletel", role: "operator", side: "accuser", key: operator.key },
  { name: "Tap Works", role: "installer", side: "neither", key: installer.key },
  { name: "Court's expert", role: "third-party", side: "neither", key: court.key },
];
const at = "2026-01-01T00:00:00Z";
const now = Date.parse(at);
const seal: DeclarationSeal = {
  at,
  network: "Exampletel",
  declaration: "a".repeat(64),
  points: pointsHash([{ match: "*sgi*" }]),
  annexes: [{ name: "protocol.pdf", sha256: "b".repeat(64) }],
  parties,
};
const whole = (): string => addSignature(addSignature(makeSeal(seal, operator, now), installer, now + 3600_000), court, now - 3600_000);

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

describe("a seal", () => {
  it("gathers the signatures of its parties on one text", () => {
    const first = openSeal(makeSeal(seal, operator, now));
    expect(first.signed.map(({ role }) => role)).toEqual(["operator"]);
    const all = openSeal(whole());
    expect(all.signed.map(({ role }) => role)).toEqual(["operator", "installer", "third-party"]);
    expect(parseNote(all.note).text).toBe(sealText(seal));
    expect(addSignature(whole(), court, now)).toBe(whole());
  });

  it("is signed by parties only, and at the time it states", () => {
    const stranger = Signer.generate("stranger.example");
    expect(code(() => makeSeal(seal, stranger, now))).toBe("seal-wrong");
    expect(code(() => addSignature(whole(), stranger, now))).toBe("seal-wrong");
    // The party's key under another name is another key.
    expect(code(() => addSignature(whole(), court.as("other.example"), now))).toBe("seal-wrong");
    for (const late of [now + 25 * 3600_000, now - 25 * 3600_000]) expect(code(() => makeSeal(seal, operator, late))).toBe("seal-wrong");
  });

  it("has one spelling, and each party a key of its own", () => {
    const good = whole();
    const changes: [string, string][] = [
      ["tapproof/seal/1", "tapproof/seal/2"],
      ['"annexes":', '"annexes": '],
      ['"at":"2026', '"at":"2O26'],
      ["operator", "boss"],
      ["neither", "nobody"],
      ['"network":', '"net":'],
      ["Exampletel", "Exampletel\u0007"],
    ];
    for (const [from, to] of changes)
      expect(
        code(() => openSeal(good.replace(from, to))),
        from,
      ).not.toBe("no error");
    const twice = {
      ...seal,
      parties: [parties[0] as SealParty, { ...(parties[1] as SealParty), key: operator.as("installer.example").key }],
    };
    expect(code(() => makeSeal(twice, operator, now))).toBe("seal-malformed");
    expect(code(() => makeSeal({ ...seal, parties: [] }, operator, now))).toBe("seal-malformed");
    expect(code(() => makeSeal({ ...seal, declaration: "A".repeat(64) }, operator, now))).toBe("seal-malformed");
  });

  it("cut at every length or changed anywhere: refused, or a signature less", () => {
    const bytes = Buffer.from(whole());
    for (let cut = 0; cut < bytes.length; cut++) {
      try {
        expect(openSeal(bytes.subarray(0, cut)).signed.length).toBeLessThan(3);
      } catch (error) {
        expect(error).toBeInstanceOf(EvidenceError);
      }
    }
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (i, xor) => {
        const changed = Buffer.from(bytes);
        changed[i] = (changed[i] as number) ^ xor;
        try {
          expect(openSeal(changed).signed.length).toBeLessThan(3);
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }),
      { numRuns: 600, seed: 7 },
    );
  });
});

const traffic = (over: Partial<PointTraffic> = {}): PointTraffic => ({
  point: "S1-U",
  declared: { interface: "S1-U", direction: "both", link: "l1" },
  frames: 1000,
  macPairs: 2,
  busiest: { pair: "02:00:00:00:00:01 02:00:00:00:00:02", forth: 600, back: 400 },
  references: { "S1-U": 500 },
  uplink: 300,
  downlink: 200,
  ...over,
});

describe("the self-check", () => {
  const contradictions = (...points: PointTraffic[]): string[] => selfCheck(points, []).contradictions.map(({ what }) => what);

  it("bears out what fits, and says what it cannot tell", () => {
    const good = selfCheck([traffic()], []);
    expect(good.contradictions).toEqual([]);
    expect(good.confirmed).toHaveLength(2);
    const quiet = selfCheck([traffic({ frames: 3, busiest: { pair: "a b", forth: 3, back: 0 }, references: {} })], []);
    expect(quiet.contradictions).toEqual([]);
    expect(quiet.untestable).toHaveLength(2);
    expect(selfCheck([traffic({ declared: null })], [])).toMatchObject({ confirmed: [], contradictions: [] });
  });

  it("contradicts a wrong interface, a wrong direction, two names of one link", () => {
    expect(
      contradictions(traffic({ references: { "S1-U": 3, S11: 5 }, declared: { interface: "SGi", direction: null, link: null } })),
    ).toHaveLength(1);
    expect(
      contradictions(traffic({ references: { "unheard of": 3 }, declared: { interface: "SGi", direction: null, link: null } })),
    ).toEqual([]);
    expect(contradictions(traffic({ busiest: { pair: "a b", forth: 1000, back: 0 } }))).toHaveLength(1);
    expect(contradictions(traffic({ declared: { interface: "s1u", direction: "ab", link: null } }))).toHaveLength(1);
    expect(
      contradictions(
        traffic({ declared: { interface: "s1u", direction: "ab", link: null }, busiest: { pair: "a b", forth: 1000, back: 5 } }),
      ),
    ).toEqual([]);
    expect(contradictions(traffic({ downlink: 0 }))).toHaveLength(1);
    expect(
      contradictions(traffic(), traffic({ point: "S5", references: {}, declared: { interface: "S5", direction: null, link: "l2" } })),
    ).toHaveLength(1);
    expect(contradictions(traffic(), traffic({ point: "again" }))).toEqual([]);
  });

  it("contradicts an order that TTL and time give differently", () => {
    const pair = { a: "S1-U", b: "SGi", packets: 100, ttlStep: 2, ttlPermille: 990 };
    const delay = (median: number) => ({ low: median, median, high: median });
    expect(selfCheck([traffic()], [{ ...pair, delayMicros: delay(300) }]).contradictions).toEqual([]);
    expect(selfCheck([traffic()], [{ ...pair, delayMicros: delay(-300) }]).contradictions).toEqual([]);
    expect(selfCheck([traffic()], [{ ...pair, delayMicros: delay(-300_000) }]).contradictions).toHaveLength(1);
    expect(selfCheck([traffic()], [{ ...pair, packets: 3, delayMicros: delay(-300_000) }]).contradictions).toEqual([]);
  });
});

describe("standing", () => {
  const input = (over: Partial<StandingInput> = {}): StandingInput => ({
    seal: openSeal(whole()),
    declaration: seal.declaration,
    points: seal.points,
    allPointsDeclared: true,
    firstFrame: "2026-01-01T00:00:00.000000001Z",
    selfCheck: selfCheck([traffic()], []),
    ...over,
  });

  it("is attested where everything is there, and given where any one thing is not", () => {
    // The millisecond clock of Date cannot tell a nanosecond: the same millisecond is not before.
    expect(standingOf(input()).standing).toBe("given");
    const good = input({ firstFrame: "2026-01-01T00:00:00.500000000Z" });
    expect(standingOf(good)).toEqual({ standing: "attested", missing: [] });
    const partly = openSeal(addSignature(makeSeal(seal, operator, now), installer, now));
    const accuserOnly: DeclarationSeal = { ...seal, parties: parties.map((party) => ({ ...party, side: "accuser" as const })) };
    const theirs = openSeal(addSignature(addSignature(makeSeal(accuserOnly, operator, now), installer, now), court, now));
    for (const over of [
      { seal: null },
      { seal: partly },
      { seal: theirs },
      { declaration: null },
      { declaration: "c".repeat(64) },
      { points: null },
      { points: "c".repeat(64) },
      { allPointsDeclared: false },
      { firstFrame: null },
      { firstFrame: "2025-12-31T23:59:59.000000000Z" },
      { firstFrame: "not a time" },
      { selfCheck: null },
      { selfCheck: selfCheck([traffic({ downlink: 0 })], []) },
    ]) {
      const verdict = standingOf({ ...good, ...over });
      expect(verdict.standing, JSON.stringify(over).slice(0, 60)).toBe("given");
      expect(verdict.missing.length).toBeGreaterThan(0);
    }
  });

  it("rises to witnessed only from attested, and only under a witnessed head", () => {
    expect(standingInLog("given", 1)).toBe("given");
    expect(standingInLog("attested", undefined)).toBe("attested");
    expect(standingInLog("attested", 1)).toBe("witnessed");
    expect(standingInLog("witnessed", undefined)).toBe("attested");
  });
});
