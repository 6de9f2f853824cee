/**
 * Runs in `verify.html` (bundled by `tools/build`): a bundle that is dropped on the page or chosen is checked where it is, L1 and L2. Writes text
 * only, never markup; asks nothing of any machine.
 */
import { verifyBundle, type Check, type VerifyResult } from "#verify/verify.ts";
import { attestedSaid, weaknessSaid } from "#words/verdict.ts";
import { browserPrimitives } from "./browser-primitives.ts";
import { VERIFY_WORDS, type VerifyWords } from "./verify-page-words.ts";

interface PickedFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}
interface PageEvent {
  preventDefault(): void;
  readonly dataTransfer?: { readonly files: ArrayLike<PickedFile> };
}
/** The little of the document that is used: the rest of the program is typed without a browser. */
interface PageNode {
  textContent: string | null;
  className: string;
  value: string;
  hidden: boolean;
  lang: string;
  readonly files: ArrayLike<PickedFile> | null;
  append(...children: readonly PageNode[]): void;
  replaceChildren(...children: readonly PageNode[]): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}
declare const document: {
  readonly documentElement: PageNode;
  getElementById(id: string): PageNode | null;
  createElement(name: string): PageNode;
  querySelectorAll(selector: string): ArrayLike<PageNode & { readonly dataset: Readonly<Record<string, string | undefined>> }>;
};
declare const navigator: { readonly language: string };

/** Octets that a page reads: a larger bundle is for the command. */
const MOST_OCTETS = 512 * 1024 * 1024;

const element = (id: string): PageNode => document.getElementById(id) as PageNode;
let words: VerifyWords = navigator.language.startsWith("fr") ? VERIFY_WORDS.fr : VERIFY_WORDS.en;
let shown: { readonly name: string; readonly result: VerifyResult } | undefined;

function translate(): void {
  document.documentElement.lang = words.language;
  for (const node of Array.from(document.querySelectorAll("[data-word]"))) {
    const text = words.page[node.dataset["word"] as keyof VerifyWords["page"]];
    if (text !== undefined) node.textContent = text;
  }
  if (shown !== undefined) show(shown.name, shown.result);
}

async function check(file: PickedFile | undefined): Promise<void> {
  if (file === undefined) return;
  element("result").hidden = true;
  if (file.size > MOST_OCTETS) return void (element("state").textContent = words.page.tooLarge);
  element("state").textContent = words.page.running;
  try {
    const keys = (id: string): string[] =>
      element(id)
        .value.split(/\s+/)
        .filter((key) => key !== "");
    const [key] = keys("key");
    const options = { witnesses: keys("witnesses"), parties: keys("parties"), primitives: await browserPrimitives() };
    const octets = new Uint8Array(await file.arrayBuffer());
    const result = await verifyBundle(octets, key === undefined ? options : { ...options, key });
    shown = { name: file.name, result };
    element("state").textContent = "";
    show(file.name, result);
  } catch (error) {
    element("state").textContent = `${words.page.couldNot} (${error instanceof Error ? error.message : "?"})`;
  }
}

function show(name: string, result: VerifyResult): void {
  const { origin } = result;
  element("result").hidden = false;
  const weaker = listed(
    words.weaker,
    result.weaknesses.map((w) => weaknessSaid(w, words.language)),
  );
  element("verdict").className =
    !result.bundle || result.checks.some((c) => c.status === "failed") || origin.status === "wrong" ? "failed" : "";
  element("verdict").textContent = result.bundle
    ? `${name}: ${words.origin[origin.status]}. ${words.level[result.level]}. ${weaker}`
    : `${name}: ${words.page.noBundle}`;
  element("attested").textContent = listed(
    words.attested,
    result.attested.map((a) => attestedSaid(a, words.language)),
  );
  element("signer").textContent = origin.key === "" ? "" : `${words.signer}: ${origin.key}`;
  element("checks").replaceChildren(...result.checks.map((c) => row(c)));
}

/** French puts a space before a colon, and between statements that may hold a comma stands a semicolon. */
function listed(title: string, all: readonly string[]): string {
  const colon = words.language === "fr" ? "\u00a0:" : ":";
  return all.length === 0 ? "" : `${title}${colon} ${all.join(words.language === "fr" ? "\u00a0; " : "; ")}.`;
}

function row(c: Check): PageNode {
  const made = document.createElement("tr");
  made.className = c.status === "passed" ? "passed" : c.status === "failed" ? "failed" : "open";
  for (const text of [words.status[c.status], c.level, c.code, c.name, c.detail]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    made.append(cell);
  }
  return made;
}

element("file").addEventListener("change", () => void check(element("file").files?.[0]));
element("drop").addEventListener("dragover", (event) => event.preventDefault());
element("drop").addEventListener("drop", (event) => {
  event.preventDefault();
  void check(event.dataTransfer?.files[0]);
});
element("language").addEventListener("click", () => {
  words = words.language === "en" ? VERIFY_WORDS.fr : VERIFY_WORDS.en;
  translate();
});
translate();
