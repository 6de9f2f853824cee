import type { Limit } from "./limits-source.ts";

/** Sections of the page, in the order of the data's way: folder below `src/`, and what it limits. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ["capture", "Capture files"],
  ["decode/packet", "Packets"],
  ["decode", "Messages"],
  ["sense", "What a point tells"],
  ["stream", "The stream of facts"],
  ["join", "What is joined"],
  ["declaration", "The declaration"],
  ["register", "The register"],
  ["detect", "Detectors"],
  ["evidence", "Evidence and log"],
  ["verify", "The verifier"],
  ["store", "The case"],
  ["run", "A run"],
  ["bounded", "Work of a stranger's making"],
  ["report", "Report and dossier"],
  ["serve", "The web application"],
  ["cli", "Commands"],
];

/** `docs/limits.md`. */
export function limitsPage(limits: readonly Limit[], prose: string): string {
  const left = new Set(limits);
  const parts = [prose.trimEnd()];
  for (const [folder, title] of [...SECTIONS, ["", "Elsewhere"] as const]) {
    const own = [...left].filter(({ file }) => file.startsWith(folder === "" ? "src/" : `src/${folder}/`));
    if (own.length === 0) continue;
    for (const limit of own) left.delete(limit);
    parts.push(`## ${title}`, table(own));
  }
  return `${parts.join("\n\n")}\n`;
}

function table(limits: readonly Limit[]): string {
  const rows = limits.map(
    ({ file, name, source, value, meaning }) =>
      `| \`${name}\` | ${value === undefined ? `\`${cell(source)}\`` : quantity(value, source)} | ${cell(meaning)} | \`${file.slice("src/".length)}\` |`,
  );
  return ["| limit | default | what it bounds, and what happens past it | file |", "| --- | ---: | --- | --- |", ...rows].join("\n");
}

function quantity(value: number, source: string): string {
  const shown = value.toLocaleString("en-US");
  return /[*<]/.test(source) && value >= 1024 && value % 1024 === 0 ? `${shown} (${binary(value)})` : shown;
}

function binary(value: number): string {
  const units = ["", "Ki", "Mi", "Gi"];
  let unit = 0;
  let rest = value;
  while (rest % 1024 === 0 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${rest} ${units[unit]}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
