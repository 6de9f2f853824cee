import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainMeasure, Question } from "./names.ts";

/** A query, RFC 1035 §4.1: header, one question. */
function query(name: string, flags = 0x0100): Uint8Array {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.from([0, 1, flags >> 8, flags & 0xff, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 16, 0, 1]);
}

describe("questions", () => {
  it.each([
    ["data.more.example.com", "example.com", 9],
    ["DaTa.ExAmPlE.com", "example.com", 4],
    ["host.example.co.uk", "example.co.uk", 4],
    ["x.example.de", "example.de", 1],
    ["example.com", "example.com", 0],
    ["com", "com", 0],
  ])("%s lies below %s", (name, domain, below) => {
    const question = new Question();
    const bytes = query(name);
    expect(question.read(bytes, 0, bytes.length)).toBe(true);
    expect(question).toMatchObject({ domain, below, response: false });
  });

  it.each(["1.0.0.10.in-addr.arpa", "a.b.ip6.arpa", "mme.epc.mnc001.mcc208.3gppnetwork.org", "rac0001.lac0002.mnc001.mcc208.gprs"])(
    "%s is ordinary",
    (name) => {
      const bytes = query(name);
      expect(new Question().read(bytes, 0, bytes.length)).toBe(false);
    },
  );

  it("a response says so", () => {
    const bytes = query("a.example.com", 0x8180);
    const question = new Question();
    expect(question.read(bytes, 0, bytes.length)).toBe(true);
    expect(question.response).toBe(true);
  });

  it("cut at any length, it is no question", () => {
    const bytes = query("some-label.example.com");
    for (let end = 0; end < bytes.length; end++) expect(new Question().read(bytes, 0, end)).toBe(false);
  });

  it("compressed names, names too long and labels without end are none", () => {
    const long = query(Array.from({ length: 60 }, () => "abcdefgh").join("."));
    expect(new Question().read(long, 0, long.length)).toBe(false);
    const pointer = Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]);
    expect(new Question().read(pointer, 0, pointer.length)).toBe(false);
  });

  it("never throws, whatever the octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const question = new Question();
        if (question.read(bytes, 0, bytes.length)) expect(question.below).toBeLessThanOrEqual(question.length);
      }),
    );
  });
});

it("a domain's measure counts each name once", () => {
  const measure = new DomainMeasure("example.com");
  const ask = (label: string): void => measure.ask(Uint8Array.from(Buffer.from(label)), label.length);
  for (let i = 0; i < 10; i++) ask("same");
  ask("0123456789abcdef");
  expect(measure).toMatchObject({ queries: 11, distinct: 2, labelOctets: 20, longest: 16 });
  expect(measure.entropy).toBeGreaterThan(3.5);
});
