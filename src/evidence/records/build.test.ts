/** Records of a scan: what is counted, what is committed to, and what of a subscriber never stands in them. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { FindingCommitments } from "#evidence/commit/commitments.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import {
  captureRecord,
  coverageRecord,
  declarationRecord,
  findingRecord,
  matchRecord,
  printKeysRecord,
  recordedName,
  recordHash,
  registerRecord,
  settingsRecord,
  tapMapRecord,
} from "./build.ts";
import { Masking } from "./mask-text.ts";
import { RECORD_SCHEMA, type Carved, type CaptureIntake, type CoverageStatement, type Finding } from "./types.ts";

const UE = "172.16.0.7";
const masking = new Masking({
  isUser: (address) => address === UE,
  isIdentity: () => false,
  mayName: () => false,
  pseudonym: () => "s:pseudonym",
});
const SALTS = Buffer.alloc(32, 4);

describe("the name of a capture", () => {
  it.each([
    ["core.pcap", "core.pcap"],
    ["a/b\\c:d", "a\ufffdb\ufffdc\ufffdd"],
    ["a\u0000\n\u0085b", "a\ufffd\ufffd\ufffdb"],
    ["", "\ufffd"],
    [".", "\ufffd"],
    ["..", "\ufffd"],
    ["...", "..."],
    ["x".repeat(256), "x".repeat(255)],
    ["\ud800", "\ufffd"],
  ])("%j is recorded as %j", (file, expected) => expect(recordedName(file)).toBe(expected));
});

describe("what a scan was given", () => {
  const capture = {
    file: "a.pcap",
    sha256: "c1",
    point: "S1-U",
    packets: 3,
    bytes: 300,
    first: null,
    last: null,
    truncated: 1,
    malformed: 2,
  };
  it("a capture has its points, on one line each", () => {
    expect(captureRecord(capture)).toMatchObject({
      schema: RECORD_SCHEMA,
      type: "capture",
      points: ["S1-U"],
      packets: 3,
      truncated: 1,
      malformed: 2,
    });
    expect(captureRecord({ ...capture, points: ["a\nb", "c"] }).points).toEqual(["a\ufffdb", "c"]);
  });
  it("a tap map names points and interfaces on one line each", () => {
    const point = { capture: "c1", name: "a\tb", interface: "S1\n-U" };
    expect(tapMapRecord([point, { ...point, interface: null }] as never).points).toMatchObject([
      { name: "a\ufffdb", interface: "S1\ufffd-U" },
      { interface: null },
    ]);
  });
  it("a declaration, a register and settings say whether they were given", () => {
    expect([declarationRecord({}, "d", "X").given, declarationRecord(null, null, null).given]).toEqual([true, false]);
    expect(registerRecord(null, SALTS)).toMatchObject({ given: false, keyedHash: null, warrants: 0, scopes: { iri: 0, cc: 0, both: 0 } });
    const given = registerRecord({ fingerprint: "W-1 imsi:1", warrants: 2, scopes: { iri: 1, cc: 0, both: 1 } }, SALTS);
    expect(given).toMatchObject({
      given: true,
      warrants: 2,
      scopes: { iri: 1, cc: 0, both: 1 },
      keyedHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(given)).not.toContain("W-1");
    expect(settingsRecord({ options: { sample: 1 } } as never)).toEqual({
      schema: RECORD_SCHEMA,
      type: "settings",
      options: { sample: 1 },
    });
    expect(printKeysRecord(2, { print: Uint8Array.of(1, 255), sampling: Uint8Array.of(0) })).toMatchObject({
      run: 2,
      print: "01ff",
      sampling: "00",
    });
  });
});

describe("coverage", () => {
  const one: CaptureIntake = {
    ...captureRecord({
      file: "a",
      sha256: "c1",
      point: "p",
      packets: 3,
      bytes: 300,
      first: "2026-02",
      last: "2026-03",
      truncated: 1,
      malformed: 2,
    }),
  };
  const other: CaptureIntake = {
    ...one,
    sha256: "c2",
    packets: 4,
    bytes: 50,
    first: "2026-01",
    last: "2026-04",
    truncated: 5,
    malformed: 6,
  };
  const empty: CaptureIntake = { ...one, sha256: "c3", packets: 0, bytes: 0, first: null, last: null, truncated: 0, malformed: 0 };
  const gap = (kind: string, count: number, more: object = {}): object => ({
    kind,
    point: null,
    from: null,
    to: null,
    count,
    why: "x",
    ...more,
  });
  function of(coverage: object, captures = [one, other, empty], findings: readonly Finding[] = []): CoverageStatement {
    const document = {
      coverage: { gaps: [], undecided: [], coveredInterceptions: 0, notSeen: [], ...coverage },
    } as unknown as FindingsDocument;
    const any = {} as never;
    return coverageRecord(
      {
        document,
        sequence: 1,
        previous: null,
        captures,
        tapMap: any,
        declaration: any,
        register: any,
        settings: any,
        printKeys: any,
        findings,
        beacon: null,
      },
      masking,
    );
  }
  it("begins with the first frame of all captures and ends with the last, and sums them", () => {
    expect(of({})).toMatchObject({
      from: "2026-01",
      to: "2026-04",
      packets: 7,
      bytes: 350,
      truncated: 6,
      malformed: 8,
      captures: [one, other, empty].map(recordHash),
    });
    expect(of({}, [empty])).toMatchObject({ from: null, to: null, packets: 0 });
  });
  it("lists the findings of the run with the hashes of their records", () => {
    const finding = { id: "f1" } as unknown as Finding;
    expect(of({}, [one], [finding]).findings).toEqual([{ id: "f1", record: recordHash(finding) }]);
  });
  it("counts gaps by their kind, and says what was encrypted", () => {
    const gaps = [
      gap("drops", 2),
      gap("drops", 3),
      gap("undecoded", 7),
      gap("encrypted", 4, { values: { what: `ESP of ${UE}` } }),
      gap("encrypted", 1, { why: "TLS" }),
    ];
    expect(of({ gaps })).toMatchObject({
      drops: 5,
      undecoded: 7,
      encrypted: [
        { what: "ESP of s:pseudonym", count: 4 },
        { what: "TLS", count: 1 },
      ],
    });
  });
  it.each([
    ["/home/somebody/captures/a.pcap: is cut", "a.pcap: is cut"],
    ["C:\\captures\\a.pcap: is cut", "a.pcap: is cut"],
    ["a.pcap: is cut", "a.pcap: is cut"],
    ["frames of 1/2: none", "frames of 1/2: none"],
  ])("a gap's reason %j stands without the folder: %j", (why, expected) => {
    const shown = new Masking({ isUser: () => false, isIdentity: () => false, mayName: () => true, pseudonym: () => "" });
    const document = {
      coverage: { gaps: [gap("unusable-capture", 1, { why })], undecided: [], coveredInterceptions: 0, notSeen: [] },
    } as unknown as FindingsDocument;
    const any = {} as never;
    const record = coverageRecord(
      {
        document,
        sequence: 1,
        previous: null,
        captures: [],
        tapMap: any,
        declaration: any,
        register: any,
        settings: any,
        printKeys: any,
        findings: [],
        beacon: null,
      },
      shown,
    );
    expect(record.gaps[0]?.why).toBe(expected);
  });
  it("nobody's address stands in gaps, in what was left undecided, nor in what was not seen; codes and values stay", () => {
    const record = of({
      gaps: [
        gap("hole", 1, { point: "a\nb", why: `of ${UE}`, code: "gap.hole", values: { address: UE } }),
        gap("hole", 1, { code: "gap.hole" }),
      ],
      undecided: [{ claim: "covert-copy", why: `of ${UE}`, count: 2, code: "undecided.x", values: { address: UE, n: 3 } }],
      coveredInterceptions: 2,
      awaitingAuthority: 3,
      notSeen: [`of ${UE}`, "x"],
      notSeenCodes: [{ code: "c", values: { address: UE } }, null],
    });
    expect(JSON.stringify(record)).not.toContain(UE);
    expect(record).toMatchObject({
      gaps: [{ point: "a\ufffdb", code: "gap.hole", values: { address: "s:pseudonym" } }, { code: "gap.hole" }],
      undecided: [{ count: 2, code: "undecided.x", values: { address: "s:pseudonym", n: 3 } }],
      coveredInterceptions: 2,
      awaitingAuthority: 3,
      notSeen: ["of s:pseudonym", "x"],
      notSeenCodes: [{ code: "c", values: { address: "s:pseudonym" } }, null],
    });
    expect(Object.keys(record.gaps[1] ?? {})).not.toContain("values");
    expect(of({})).not.toHaveProperty("notSeenCodes");
    expect(of({}).awaitingAuthority).toBe(0);
  });
});

describe("a finding", () => {
  const finding: FindingRecord = {
    id: "f1",
    claim: "covert-copy",
    grade: "proven",
    summary: `sgw-1 sent packets of ${UE}`,
    summaryCode: "copy.summary",
    values: { receiver: UE, packets: 9 },
    element: { name: "sgw-1", address: "10.0.0.5", vendor: null, basis: "address" },
    receiver: { name: null, address: UE, port: 4789, declared: false },
    act: "effected",
    transport: { layers: ["vxlan"], encrypted: false, delaySeconds: 0.0000015 },
    subscribers: { count: 2, pseudonyms: ["s:a", "s:b"] },
    data: ["content"],
    packets: 9,
    bytes: 900,
    first: "2026-01",
    last: "2026-02",
    bits: 70.9,
    chance: 2 ** -70,
    standing: "given",
    premises: [{ id: "tap-map", statement: `of ${UE}`, status: "declared", code: "premise.tap-map", values: { at: UE } }],
    evidence: [{ capture: "c1", frames: [1], framesTotal: 1 }],
    ruledOut: [
      {
        explanation: "x",
        status: "excluded",
        because: `of ${UE}`,
        code: "explanation.x",
        becauseCode: "copy.y",
        becauseValues: { to: UE },
      },
    ],
    witnesses: [
      {
        claim: "undeclared-peer",
        grade: "indication",
        summary: `with ${UE}`,
        summaryCode: "peer.summary",
        values: { to: UE },
        evidence: [],
      },
    ],
    sources: ["RFC 5475"],
    arithmetic: [{ label: "l", bits: 1.2345678, because: "b", code: "step.sequence" }],
    details: { sample: 1, note: `of ${UE}` },
  };
  const commitments = new FindingCommitments(SALTS, "f1");
  const match = matchRecord(finding, undefined, [], 0);
  const carved = { schema: RECORD_SCHEMA, type: "carved", finding: "f1" } as unknown as Carved;
  const of = (more: Partial<FindingRecord> = {}): Finding =>
    findingRecord(
      {
        finding: { ...finding, ...more },
        network: "X",
        subscribers: [
          { pseudonym: "s:a", key: "imsi:1" },
          { pseudonym: "s:b", key: "imsi:2" },
        ],
        identities: ["imsi:2", "imsi:1", "msisdn:3"],
        commitments,
        match,
        carved,
      },
      masking,
    );

  it("names no subscriber's address, in no sentence and no fact", () => {
    const text = JSON.stringify(of());
    expect(text).not.toContain(UE);
    expect(of()).toMatchObject({
      summary: "sgw-1 sent packets of s:pseudonym",
      values: { receiver: "s:pseudonym", packets: 9 },
      element: { address: "10.0.0.5" },
      receiver: { name: null, address: "s:pseudonym", port: 4789, declared: false },
      premises: [{ statement: "of s:pseudonym", values: { at: "s:pseudonym" } }],
      ruledOut: [{ because: "of s:pseudonym", code: "explanation.x", becauseCode: "copy.y", becauseValues: { to: "s:pseudonym" } }],
      witnesses: [{ summary: "with s:pseudonym", summaryCode: "peer.summary", values: { to: "s:pseudonym" } }],
      details: { sample: 1, note: "of s:pseudonym" },
    });
  });
  it("commits to each subscriber and identity by its place", () => {
    const by = (kind: "subscriber" | "identity", content: string, i: number): string =>
      commitments.byPlace(kind, String(i), Buffer.from(content)).commitment;
    expect(of().subscribers).toEqual({
      count: 2,
      pseudonyms: ["s:a", "s:b"],
      commitments: ["imsi:1", "imsi:2"].map((k, i) => by("subscriber", k, i)),
    });
    expect(of().identities).toEqual({ count: 3, commitments: ["imsi:2", "imsi:1", "msisdn:3"].map((k, i) => by("identity", k, i)) });
  });
  it.each([
    [70.9, 2 ** -70, 70, "2^-70"],
    [500, 2 ** -128, 500, "2^-128"],
    [-3, null, 0, null],
  ])("of %d bits has whole ones, and a chance of at least 2^-128", (bits, chance, whole, spelled) => {
    expect(of({ bits, chance })).toMatchObject({ bits: whole, chance: spelled });
  });
  it("has a delay in whole microseconds, or none; a receiver, or none", () => {
    expect([of().transport.delayMicros, of({ transport: { ...finding.transport, delaySeconds: null } }).transport.delayMicros]).toEqual([
      2,
      null,
    ]);
    expect(of({ receiver: null }).receiver).toBeNull();
    const named = { name: "x", address: "10.0.0.9", port: null, declared: true, identity: "hss.example", via: `dra of ${UE}` };
    expect(of({ receiver: named }).receiver).toEqual({ ...named, via: "dra of s:pseudonym" });
    expect(Object.keys(of().receiver ?? {})).not.toContain("identity");
  });
  it("names its match and what was carved by their hashes", () => {
    expect([of().match, of().carved]).toEqual([recordHash(match), recordHash(carved)]);
    const canonical = '{"finding":"f1","schema":"tapproof/record/1","type":"carved"}';
    expect(recordHash(carved)).toBe(createHash("sha256").update(canonical).digest("hex"));
  });
  it("without codes has none", () => {
    const { summaryCode: _, values: __, ...plain } = finding;
    const record = findingRecord({ finding: plain, network: null, subscribers: [], identities: [], commitments, match, carved }, masking);
    for (const member of ["summaryCode", "values"]) expect(record).not.toHaveProperty(member);
  });

  describe("its arithmetic", () => {
    it("stands as codes and millionths of bits", () => {
      expect(match).toMatchObject({
        finding: "f1",
        arithmetic: [{ code: "sequence", microbits: 1_234_568 }],
        table: null,
        pairsLeftOut: 0,
      });
    });
    it("a step without a code is a mistake of the program's", () => {
      expect(() => matchRecord({ ...finding, arithmetic: [{ label: "l", bits: 1, because: "b" }] }, undefined, [], 0)).toThrow(
        "without a code: l",
      );
    });
  });
});
