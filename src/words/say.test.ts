import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { isStatement, state, STATEMENTS, type StatementCode } from "#model/statement.ts";
import { say, saidBy } from "./say.ts";
import { MESSAGES } from "./statements/catalogue.ts";

/** Arguments that a message names. */
function argumentsOf(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound || element.type === TYPE.tag) return [];
    const inner =
      element.type === TYPE.select || element.type === TYPE.plural
        ? Object.values(element.options).flatMap(({ value }) => argumentsOf(value))
        : [];
    return [element.value, ...inner];
  });
}

const languages = ["en", "fr"] as const;

describe("the catalogue of statements", () => {
  it.each(languages)("names each value of each code, and no other, in %s", (language) => {
    const wrong = (Object.keys(STATEMENTS) as StatementCode[]).flatMap((code) => {
      const used = new Set(argumentsOf(parse(MESSAGES[code][language].replaceAll("'", "''"))));
      // `low` … say only how much, `kept` stands where the names differ: a message may leave one of two out, but none may be unknown
      const unknown = [...used].filter((name) => !Object.hasOwn(STATEMENTS[code], name));
      const unused = Object.keys(STATEMENTS[code]).filter((name) => !used.has(name));
      return [...unknown, ...unused].map((name) => `${code}: ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it("has each explanation and step without values: its code says what was tested", () => {
    const valued = Object.entries(STATEMENTS).filter(
      ([code, values]) => /^(explanation|step)\./.test(code) && Object.keys(values).length > 0,
    );
    expect(valued).toEqual([]);
  });
});

describe("say", () => {
  const copy = (packets: number, subscribers: number): string[] =>
    languages.map((language) =>
      say(
        state("copy.summary", {
          packets,
          subscribers,
          element: "spgw-1",
          by: "seen",
          receiver: "192.0.2.1",
          known: "undeclared",
          originals: "gone",
        }),
        language,
      ),
    );

  it("counts and agrees", () => {
    expect(copy(43, 1)).toEqual([
      "43 packets of one subscriber were copied by spgw-1 to 192.0.2.1, which nothing in the declaration explains, while the originals went on to their destinations.",
      "43 paquets d'un abonné ont été copiés par spgw-1 vers 192.0.2.1, que rien dans la déclaration n'explique, tandis que les originaux poursuivaient leur route.",
    ]);
    expect(copy(1, 1_500)[0]).toMatch(/^1 packet of 1,500 subscribers was copied/);
    expect(copy(1, 1_500)[1]).toMatch(/^1 paquet de 1\u202f500 abonnés a été copié/);
  });

  it("sets a statement into a statement, thin blanks where French wants them, and a stranger's braces as they are", () => {
    const inner = state("flow.undeclared", { address: "192.0.2.1", weakness: "refused" });
    const of = (peer: string) =>
      state("peer.summary", { element: "a", peer, direction: "sent", spoken: "known", protocols: ["tls", "ssh"], because: inner });
    expect(say(of("b"), "en")).toBe("a sent traffic to b by tls, ssh; 192.0.2.1 is undeclared; it was refused.");
    expect(say(of("b"), "fr")).toBe(
      "a a envoyé du trafic à b par tls, ssh\u202f; 192.0.2.1 n'est pas déclaré\u202f; l'échange a été refusé.",
    );
    expect(say(of("{element} ; '"), "fr")).toContain("à {element} ; ' par");
  });

  it("renders nothing that is not in the catalogue", () => {
    expect(saidBy("explanation.retransmission", undefined, "fr")).toBe("retransmission");
    for (const [code, values] of [
      ["nothing.of-the-kind", {}],
      ["copy.tries", {}],
      ["copy.tries", { prints: "many" }],
      ["copy.tries", { prints: 3, more: 1 }],
      ["constructor", {}],
      ["as-declared", { what: { code: "as-declared", values: {} } }],
      [undefined, undefined],
    ])
      expect(saidBy(code, values, "fr")).toBeUndefined();
    let deep: unknown = "x";
    for (let i = 0; i < 50; i++) deep = { code: "as-declared", values: { what: deep } };
    expect(isStatement("as-declared", { what: deep })).toBe(false);
  });
});
