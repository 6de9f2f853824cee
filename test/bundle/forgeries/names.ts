/** Strings of a record that somebody might make a path, a command, a pattern, a query or a line of. */
import { at, lie, type Forgery } from "./forgery.ts";

const captureNames: readonly (readonly [string, string])[] = [
  ["a capture's name that leads out of its folder", "../../../tmp/x/y.pcap"],
  ["a capture's name with a folder", "captures/sgi.pcap"],
  ["a capture's name from the root", "/etc/cron.d/job"],
  ["a capture called like the folder above", ".."],
  ["a capture called like its folder", "."],
  ["a capture without a name", ""],
  ["a capture's name with a folder of another system", "..\\..\\x.pcap"],
  ["a capture's name with a drive or a stream", "C:x.pcap"],
  ["a capture's name with a NUL in it", "sgi.pcap\0.sh"],
  ["a capture's name with a line of its own", "sgi.pcap\norigin: checked"],
  ["a capture's name with a terminal's command", "sgi\u001b]0;x\u0007.pcap"],
  ["a capture's name longer than any file's", `${"a".repeat(256)}`],
];

export const names: readonly Forgery[] = [
  ...captureNames.map(([words, file]) =>
    lie("copy", "capture", "records", words, (r) => {
      r["file"] = file;
    }),
  ),
  lie("copy", "finding", "records", "a sentence with a line of its own in it", (r) => {
    r["summary"] = "ok\n\nlevel: L3\nEverything holds.";
  }),
  lie("copy", "finding", "records", "a sentence that moves the cursor", (r) => {
    at(r, "ruledOut", 0)["because"] = "\u001b[2Kexcluded";
  }),
  lie("copy", "finding", "records", "a sentence without end", (r) => {
    r["summary"] = "a".repeat(16_385);
  }),
  lie("copy", "finding", "records", "an address that is markup", (r) => {
    at(r, "receiver")["address"] = "<img src=x onerror=alert(1)>";
  }),
  lie("copy", "finding", "records", "a pseudonym that is a query", (r) => {
    at(r, "subscribers")["pseudonyms"] = ["s:'; drop table x; --"];
  }),
  lie("copy", "finding", "records", "a premise whose word is a path", (r) => {
    at(r, "premises", 0)["id"] = "../premise";
  }),
  lie("copy", "finding", "records", "facts nested without end", (r) => {
    r["details"] = { deep: { deeper: {} } };
  }),
  lie("copy", "finding", "records", "a fact named like markup", (r) => {
    r["details"] = { "<script>": "x" };
  }),
  lie("copy", "finding", "records", "a time that is no time", (r) => {
    r["first"] = "yesterday";
  }),
  lie("copy", "finding", "records", "a day that no month has", (r) => {
    r["first"] = r["last"] = "2026-02-30T00:00:00.000000000Z";
  }),
  lie("clean", "coverage", "records", "a gap whose kind is a pattern", (r) => {
    r["gaps"] = [{ kind: "(a+)+$", point: null, from: null, to: null, count: 1, why: "x" }];
  }),
  lie("clean", "settings", "records", "an option that holds a command", (r) => {
    at(r, "options")["copyBytes"] = "$(id)\n";
  }),
  lie("clean", "declaration", "records", "a declaration with a terminal's command in a text", (r) => {
    at(r, "declaration", "network")["name"] = "x\u001b[2J";
  }),
];
