/**
 * `verify.html`: one file without network that checks a bundle (L1, L2) in any browser, by the same code as the command. The build writes it to
 * `dist/`; its SHA-256 stands in docs/verify-page.md and in every report, so that a reader can tell that the page is the one that was published.
 */
import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { selfCheckBuild, tidy } from "./verifier-script.ts";

const STYLE = `:root{color-scheme:light dark;--line:#8886;--bad:#b3261e;--good:#1b6e3c}@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--good:#7fd6a0}}
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.6rem;margin:0 0 .5rem}
#drop{border:2px dashed var(--line);border-radius:.5rem;padding:1.25rem}label{display:block;margin-top:.75rem}
textarea,input{font:inherit;width:100%;box-sizing:border-box}textarea{font-family:ui-monospace,monospace;font-size:.85rem}
#verdict{font-size:1.15rem;font-weight:600}#verdict.failed,tr.failed td:first-child{color:var(--bad);font-weight:700}tr.passed td:first-child{color:var(--good)}
#signer{overflow-wrap:anywhere;font-family:ui-monospace,monospace;font-size:.85rem}
.frame{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;vertical-align:top;overflow-wrap:anywhere}
td:nth-child(-n+3){white-space:nowrap}td:nth-child(3){font-family:ui-monospace,monospace}button{font:inherit;float:right}.note{opacity:.8;font-size:.9rem}`;

/** The whole page; `script` is bundled from `verify-page-browser.ts`. */
export function verifyPage(script: string): string {
  const sha = (text: string): string => `'sha256-${hash("sha256", text, "base64")}'`;
  const policy = `default-src 'none'; script-src ${sha(script)}; style-src ${sha(STYLE)}; base-uri 'none'; form-action 'none'`;
  const field = (id: string, rows: number): string =>
    `<label for="${id}" data-word="${id}"></label><textarea id="${id}" rows="${rows}" spellcheck="false" autocomplete="off"></textarea>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Tapproof: verify</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<button type="button" id="language" data-word="language"></button>
<h1 data-word="title"></h1>
<div id="drop">
<p data-word="lead"></p>
${field("key", 1)}
${field("witnesses", 1)}
${field("parties", 1)}
<label for="file" data-word="pick"></label><input type="file" id="file" accept=".tapproof">
</div>
<p id="state" role="status"></p>
<section id="result" hidden aria-live="polite">
<p id="verdict"></p>
<p id="attested"></p>
<p id="signer"></p>
<div class="frame" tabindex="0"><table><tbody id="checks"></tbody></table></div>
<p class="note" data-word="absence"></p>
</section>
<p class="note" data-word="private"></p>
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** Made from the source; needs esbuild. */
async function fromSource(): Promise<string> {
  const { build } = await import("esbuild");
  const source = fileURLToPath(new URL("./verify-page-browser.ts", import.meta.url));
  const result = await build({ ...selfCheckBuild(source), write: false, logLevel: "silent" });
  return verifyPage(tidy(result.outputFiles[0]?.text ?? ""));
}

/** SHA-256 (hex) of the page that belongs to this program; null where it can be had neither as a file nor from the source. */
export async function verifyPageHash(): Promise<string | null> {
  for (const place of ["../verify.html", "./verify.html"]) {
    const built = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(built)) return hash("sha256", readFileSync(built), "hex");
  }
  try {
    return hash("sha256", await fromSource(), "hex");
  } catch {
    return null;
  }
}
