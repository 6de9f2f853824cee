import { describe, expect, it } from "vitest";
import { PHRASES_FR } from "./phrases-fr.ts";
import { isSaid, said } from "./said.ts";

describe("sentences of detectors in French", () => {
  it.each([
    ["retransmission", "retransmission"],
    [
      "43 packets of one subscriber were copied by spgw-1 to 192.0.2.1, which nothing declared explains, while the originals went on to their destinations.",
      "43 paquets d'un abonné ont été copiés par spgw-1 vers 192.0.2.1, que rien de déclaré n'explique, tandis que les originaux poursuivaient leur route.",
    ],
    ["as declared: nobody declared 192.0.2.1", "selon la déclaration : nul n'a déclaré 192.0.2.1"],
    ["203.0.113.9 is no declared function (as declared)", "203.0.113.9 n'est pas une fonction déclarée (selon la déclaration)"],
    ["TCP sequence numbers 64, TLS random 104", "numéros de séquence TCP 64, aléa TLS 104"],
    [
      "a-1 exchanged traffic with 192.0.2.1 by tls; nobody declared 192.0.2.1; it was refused.",
      "a-1 a échangé du trafic avec 192.0.2.1 par tls ; nul n'a déclaré 192.0.2.1 ; il a été refusé.",
    ],
    [
      'mme-1 weakened protection for 1 subscriber: null ciphering (EEA0) chosen where the declared policy says "never".',
      "mme-1 a affaibli la protection d'un abonné : chiffrement nul (EEA0) choisi là où la politique déclarée dit « jamais ».",
    ],
    [
      "shifted in time, and for other subscribers, at most 0.25 % of the bursts are followed",
      "décalées dans le temps, et pour d'autres abonnés, 0,25 % des rafales au plus sont suivies",
    ],
  ])("%s", (en, fr) => expect(said(en, "fr")).toBe(fr));

  it("leaves what it does not know, and English as it is", () => {
    expect(said("nothing of the kind", "fr")).toBe("nothing of the kind");
    expect(isSaid("nothing of the kind", "fr")).toBe(false);
    // half a sentence in each language would be worse than none
    expect(said("a sent b something unheard of.", "fr")).toBe("a sent b something unheard of.");
    expect(said("retransmission", "en")).toBe("retransmission");
  });

  it("names no place that the English lacks, and each phrase once", () => {
    for (const [en, fr] of PHRASES_FR) {
      const places = en.split("{}").length - 1;
      const used = [...fr.matchAll(/\{(\d)/g)].map((m) => Number(m[1]));
      expect(Math.max(0, ...used), en).toBeLessThanOrEqual(places);
      expect(new Set(used).size, en).toBe(places);
    }
    expect(new Set(PHRASES_FR.map(([en]) => en)).size).toBe(PHRASES_FR.length);
  });

  it("is quick with a stranger's sentence that repeats a phrase's pieces", () => {
    const began = performance.now();
    for (const text of [", which nobody declared".repeat(80), "; ".repeat(900), ", ".repeat(900), "a packets of b packets of ".repeat(60)])
      said(text, "fr");
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
