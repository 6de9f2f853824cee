/**
 * For `killed-scan.test.ts`, loaded before the program (`node --import`): watches every step that changes a case folder for good (a rename, a link,
 * a removal, a new folder). Before step number `TAPPROOF_TEST_KILL_AT` the process is killed; without it, what a kill there would have left is
 * copied to `TAPPROOF_TEST_COPIES/<step>`.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, resolve } from "node:path";

const folder = resolve(process.env["TAPPROOF_TEST_CASE"] as string);
const copies = process.env["TAPPROOF_TEST_COPIES"];
const killAt = Number(process.env["TAPPROOF_TEST_KILL_AT"] ?? -1);
const copy = fs.cpSync;
let steps = 0;
let copying = false;

function step(path: unknown): void {
  if (copying || typeof path !== "string" || !resolve(path).startsWith(`${folder}/`)) return;
  steps++;
  if (steps === killAt) {
    process.kill(process.pid, "SIGKILL");
    for (;;);
  }
  if (copies === undefined) return;
  copying = true;
  copy(folder, join(copies, String(steps).padStart(3, "0")), { recursive: true });
  copying = false;
}

for (const name of ["renameSync", "linkSync", "rmSync", "mkdirSync"] as const) {
  const before = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]): unknown => {
      step(name === "renameSync" || name === "linkSync" ? args[1] : args[0]);
      return before(...args);
    },
  });
}
syncBuiltinESMExports();
