import { TABLES } from "#store/tables.ts";

/** `docs/case.md`: what a case folder holds, and the tables of its database as `src/store/tables.ts` declares them. */
export function casePage(prose: string): string {
  const parts = [prose.trimEnd()];
  for (const { name, meaning, columns } of Object.values(TABLES)) {
    const rows = columns.map((column) => `| \`${column.name}\` | ${column.type} | ${column.meaning.replaceAll("|", "\\|")} |`);
    parts.push(`### ${name}\n\n${sentence(meaning)}`, ["| column | type | meaning |", "| --- | --- | --- |", ...rows].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
