import fc from "fast-check";
import { expect, it } from "vitest";
import { MOST_LABELS, registrableName } from "./server-name.ts";

it.each([
  ["33-courier2.push.apple.com", "apple.com"],
  ["dns.google", "dns.google"],
  ["WWW.Naver.COM.", "naver.com"],
  ["alice.example.co.uk", "example.co.uk"],
  ["co.uk", "co.uk"],
  ["t.co", "t.co"],
  ["_dmarc.example.org", "example.org"],
  ["a.b.xn--fiqs8s", "b.xn--fiqs8s"],
])("%s is kept as %s", (name, kept) => expect(registrableName(name)).toBe(kept));

it.each([
  "",
  "localhost",
  "192.0.2.1",
  "1.2.0.192.in-addr.arpa",
  "printer.local",
  "a..b.com",
  "exa mple.com",
  "x.\u202emoc",
  "<b>.com",
  "-",
])("%j is no server's name to keep", (name) => expect(registrableName(name)).toBeUndefined());

it("never keeps more than three labels, nor other characters than host names have", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain()), (name) => {
      const kept = registrableName(name);
      if (kept === undefined) return;
      expect(kept.split(".").length).toBeLessThanOrEqual(MOST_LABELS);
      expect(kept).toMatch(/^[a-z0-9_.-]+$/);
      expect(name.toLowerCase().replace(/\.$/, "").endsWith(kept)).toBe(true);
    }),
  );
});
