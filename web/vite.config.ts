/* oxlint-disable no-restricted-imports -- runs in Node, at build time */
/** The web application: `web/` → `dist/web/`, served by `tapproof serve`. Nothing in it is fetched from elsewhere. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const require = createRequire(import.meta.url);
const FONTS = ["@fontsource/source-serif-4", "@fontsource/inter", "@fontsource/ibm-plex-mono"];

/** Fonts travel with their licence (SIL OFL 1.1 §2). */
function fontLicences(): Plugin {
  return {
    name: "font-licences",
    apply: "build",
    generateBundle() {
      for (const font of FONTS) {
        const source = readFileSync(require.resolve(`${font}/LICENSE`));
        this.emitFile({ type: "asset", fileName: `assets/${font.slice(font.indexOf("/") + 1)}-LICENSE.txt`, source });
      }
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: [react(), fontLicences()],
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: ["chrome123", "firefox121", "safari17.5"],
    // everything is a file of its own: the content security policy allows neither data: URLs nor inline script
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    sourcemap: false,
    reportCompressedSize: false,
  },
  worker: { format: "es" },
});
