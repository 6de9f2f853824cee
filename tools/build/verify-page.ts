/** `verify.html` from its source: the build writes it, the documentation states its hash. */
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { selfCheckBuild, tidy } from "#report/html/verifier-script.ts";
import { verifyPage } from "#report/html/verify-page.ts";

export function buildVerifyPage(): string {
  const source = fileURLToPath(new URL("../../src/report/html/verify-page-browser.ts", import.meta.url));
  const result = buildSync({ ...selfCheckBuild(source), write: false, logLevel: "silent" });
  return verifyPage(tidy(result.outputFiles[0]?.text ?? ""));
}
