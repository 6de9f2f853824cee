/** Writes `schemas/network.schema.json` from the declaration's schema; a test fails while the committed copy differs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { networkJsonSchema } from "#declaration/schema.ts";

const target = new URL("../../schemas/network.schema.json", import.meta.url);
mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, `${JSON.stringify(networkJsonSchema(), null, 2)}\n`);
