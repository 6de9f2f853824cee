/** `node commit-at-once.ts DATABASE ROWS`: adds a scan of so many rows, says "committing" on its channel, and commits. To be killed meanwhile. */
import { CaseWriter } from "#store/database.ts";

const [path = "", rows = "0"] = process.argv.slice(2);
const writer = await CaseWriter.open(path);
for (let i = 0; i < Number(rows); i++) writer.row("reference_points", ["a", `b ${i}`, "S11", i]);
writer.row("captures", [0, "a.pcap", "0", 1, 1, 0, 1, 0, 0]);
writer.flush();
process.send?.("committing", () => {
  void writer.close().then(() => process.disconnect());
});
