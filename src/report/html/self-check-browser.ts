/**
 * Runs in the report's page (bundled by `tools/build`): checks the bundle that the page carries. Writes text only, never markup.
 */
import { verifyBundle } from "#verify/verify.ts";
import { browserPrimitives } from "./browser-primitives.ts";

/** The little of the document that is used: the rest of the program is typed without a browser. */
interface PageNode {
  textContent: string | null;
  className: string;
  disabled: boolean;
  hidden: boolean;
  readonly tBodies: readonly PageNode[];
  append(child: PageNode): void;
  replaceChildren(...children: readonly PageNode[]): void;
  addEventListener(type: "click", listener: () => void): void;
}
declare const document: { getElementById(id: string): PageNode | null; createElement(name: string): PageNode };

const element = (id: string): PageNode => document.getElementById(id) as PageNode;
const words = JSON.parse(element("check-words").textContent ?? "{}") as Readonly<Record<string, string>>;
const button = element("check-run");
const list = element("check-list");

button.addEventListener("click", () => {
  button.disabled = true;
  element("check-head").textContent = words["running"] ?? "";
  void check().catch((error: unknown) => {
    element("check-head").textContent = `${words["couldNot"] ?? ""} (${error instanceof Error ? error.message : "?"})`;
    button.disabled = false;
  });
});

async function check(): Promise<void> {
  const octets = Uint8Array.from(atob((element("check-bundle").textContent ?? "").trim()), (c) => c.charCodeAt(0));
  const result = await verifyBundle(octets, { anySigner: true, primitives: await browserPrimitives() });
  const say = (key: string): string => words[key] ?? key;
  element("check-head").textContent =
    `${say("origin")}: ${say(result.origin.status)} (${result.origin.name}). ${say("level")}: ${result.level}.`;
  const body = list.tBodies[0] as PageNode;
  body.replaceChildren(
    ...result.checks.map((c) => {
      const row = document.createElement("tr");
      for (const text of [say(c.status), c.level, c.code, c.name, c.part === undefined ? c.detail : `${c.part}: ${c.detail}`]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        row.append(cell);
      }
      if (c.status === "failed") row.className = "failed";
      return row;
    }),
  );
  list.hidden = false;
  button.disabled = false;
}
