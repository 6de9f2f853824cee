/**
 * For `case-log.test.ts`: appends to the log of a case until it is killed, and tells its parent each size that it was answered; told to
 * stop, it answers how many records it appended.
 */
import { setImmediate as turn } from "node:timers/promises";
import { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog } from "./case-log.ts";

const log = openCaseLog(process.argv[2] as string, Signer.fromSeed("example.org/test", new Uint8Array(32).fill(7)));
let stopped = false;
process.once("message", () => (stopped = true));
let appended = 0;
for (let i = 0; !stopped; i++) {
  const count = 1 + (i % 5) * (i % 11);
  log.appendAll(Array.from({ length: count }, (_, n) => ({ type: "comment", record: { by: process.pid, i, n } })));
  appended += count;
  process.send?.(log.size);
  await turn();
}
process.send?.(String(appended));
process.disconnect();
