/** The frame of every page: its policy names its own style sheet and its own script by their hashes, and allows no connection, image, frame, form. */
import { createHash } from "node:crypto";
import type { Language } from "#words/words.ts";
import { EMPTY, Markup, ml } from "./markup.ts";
import { STYLE } from "./style.ts";

export interface PageDocument {
  readonly language: Language;
  readonly title: string;
  readonly version: string;
  readonly body: Markup;
  /** The page's own script, or null. */
  readonly script: string | null;
}

export function documentOf({ language, title, version, body, script }: PageDocument): string {
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    script === null ? "script-src 'none'" : `script-src ${hashOf(script)}`,
    "font-src data:",
    "img-src 'none'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = ml`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<meta name="generator" content="Tapproof ${version}" />
<title>${title}</title>
${new Markup(`<style>${STYLE}</style>`)}
</head>
<body>
${body}
${script === null ? EMPTY : new Markup(`<script>${script}</script>`)}
</body>
</html>
`;
  return page.source;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
