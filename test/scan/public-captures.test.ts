/**
 * Public captures of real and laboratory networks, in which nobody accuses anybody: without a declaration nothing above an indication; with
 * the draft that `learn` makes of the capture, no claim but peers and management that the draft lists as unexplained.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { learnCommand } from "#cli/learn.ts";
import { parseDeclaration } from "#declaration/load.ts";
import { scan } from "#run/scan.ts";

const FOLDER = "../shared/captures";
const captures = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.(pcap|pcapng|cap)$/.test(name)) : [];
if (captures.length === 0) {
  console.warn("SKIPPED: ../shared/captures is missing: no public capture is scanned");
  it.skip("public captures: ../shared/captures is missing");
}

/** `sipgate_x2`: product of interception in clear from a host to itself, which an empty register cannot cover. */
const PRODUCT_OF_INTERCEPTION = new Set(["sipgate_x2_sip_register.pcap"]);

async function learn(path: string): Promise<string> {
  let text = "";
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  await learnCommand({ captures: [path], skipBad: false }, { stdout, stderr: stdout });
  return text;
}

describe.each(captures)("%s", (name) => {
  const path = join(FOLDER, name);
  it("without a declaration: at most indications", async () => {
    const { document } = await scan({ paths: [path], declaration: null, skipBad: false, identities: false });
    expect(document.findings.filter(({ grade }) => grade !== "indication").map(({ summary }) => summary)).toEqual([]);
  });
  it.skipIf(PRODUCT_OF_INTERCEPTION.has(name))("with its own draft: nobody is accused of more than being unknown", async () => {
    const declaration = parseDeclaration(await learn(path), "draft");
    const { document } = await scan({ paths: [path], declaration, skipBad: false, identities: false });
    expect(document.findings.filter(({ claim }) => claim !== "undeclared-peer").map(({ summary }) => summary)).toEqual([]);
  });
});
