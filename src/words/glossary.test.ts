import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { MESSAGES } from "./statements/catalogue.ts";
import { WORDS, type Language } from "./words.ts";

/** Rows of the table in docs/words.md: words to avoid, by language. */
function avoided(language: Language): string[] {
  const column = language === "en" ? 1 : 3;
  const rows = readFileSync("docs/words.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| English"))
    .map((line) => line.split("|").slice(1, -1));
  return rows
    .flatMap((cells) => (cells[column] ?? "").split(", "))
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** Every sentence of a catalogue; those that functions make are read from their source. */
function sentences(words: unknown): string[] {
  if (typeof words === "string") return [words];
  if (typeof words === "function") return [String(words)];
  return typeof words === "object" && words !== null ? Object.values(words).flatMap(sentences) : [];
}

it.each(["en", "fr"] as const)("no sentence uses a word that docs/words.md says to avoid, in %s", (language) => {
  const words = avoided(language);
  expect(words.length).toBeGreaterThan(3);
  const all = [...sentences({ en, fr }[language]), ...Object.values(MESSAGES).map((message) => message[language])];
  expect(all.length).toBeGreaterThan(300);
  const found = all.flatMap((sentence) =>
    words.filter((word) => sentence.toLowerCase().includes(word.toLowerCase())).map((word) => `${word}: ${sentence}`),
  );
  expect(found).toEqual([]);
});

it("French has no plain blank before double punctuation, wherever a sentence is made", () => {
  const { report, dossier } = WORDS.fr;
  const made = [
    ...sentences(WORDS.fr).filter((text) => !text.includes("=>")),
    report.titleNone("Corvia"),
    report.draft.pending("Aldermoor"),
    report.titleWithheld("Corvia", 2),
    report.lead.withheld(1),
    report.sure.bits("prouvé", "80", 80),
    report.unseen.withheld(2),
    dossier.functions("mme-1"),
    dossier.reason.unreviewed("grants"),
  ];
  expect(made.filter((text) => / [:;!?»]/.test(text))).toEqual([]);
  expect(made.filter((text) => text.includes("\u202f")).length).toBeGreaterThan(20);
});
