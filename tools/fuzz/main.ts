/**
 * `npm run fuzz [-- TARGET…] [--seconds N] [--seed N] [--seeds] [--save] [--list]`: inputs that grow towards new code, for everything that reads what a
 * stranger wrote. No exception but those that are promised, no input that takes a second, no memory beyond 512 MiB of objects. What breaks that is
 * written to `fuzz-found/`. The last line is "N passed, N failed", over targets.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeCorpus } from "./corpus.ts";
import { fuzz } from "./fuzz.ts";
import { TARGETS, targetNamed } from "./targets.ts";

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    seeds: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
if (values.list) {
  for (const { name } of TARGETS) console.log(name);
  process.exit(0);
}
const seconds = Number(values.seconds);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(seconds >= 0) || !Number.isSafeInteger(seed)) {
  console.error("usage: npm run fuzz -- [TARGET…] [--seconds N] [--seed N] [--seeds] [--save] [--list]");
  process.exit(2);
}
const targets = positionals.length === 0 ? TARGETS : positionals.map((name) => targetNamed(name));
console.log(`seed ${seed}, ${seconds} s each of ${targets.length} targets`);
let tried = 0;
let failed = 0;
for (const { name } of targets) {
  const result = await fuzz({ target: name, seconds, seed, seeds: values.seeds });
  tried += result.tried;
  console.log(`${name}: ${result.tried} inputs, ${result.covered} characters of code, ${result.corpus.length} kept`);
  if (values.save && result.corpus.length > 0) writeCorpus(name, result.corpus);
  if (result.faults.length > 0) failed++;
  for (const { why, input } of result.faults) {
    mkdirSync("fuzz-found", { recursive: true });
    const file = `fuzz-found/${name}-${Buffer.from(input).toString("hex").length}-${Date.now()}.bin`;
    writeFileSync(file, input);
    console.error(`FAILED ${name}: ${why.split("\n").slice(0, 4).join("\n")}\n  ${input.length} octets in ${file}`);
  }
}
console.log(`${tried} inputs tried`);
console.log(`${targets.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
