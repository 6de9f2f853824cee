/** Whoever the lab accuses is never drafted as declared: the draft lists it as unexplained, for a person to find out what it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, expect, it } from "vitest";
import { Lookup } from "#declaration/lookup.ts";
import { loadDeclaration, parseDeclaration } from "#declaration/load.ts";
import { writeSuite } from "#lab/suite.ts";
import { learnCommand } from "./learn.ts";

const root = mkdtempSync(join(tmpdir(), "tapproof-intruders-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/**
 * A resolver that elements ask and that only answers: nothing on the wire tells it from the network's own. A subscriber's address that no declared pool holds and
 * signalling gave: he is drafted as what he is.
 */
const NOT_TOLD_BY_TRAFFIC = new Set(["peer-undeclared-resolver", "access-bearer-ipv6"]);

async function learn(captures: readonly string[]): Promise<string> {
  let text = "";
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  await learnCommand({ captures, skipBad: false }, { stdout, stderr });
  return text;
}

it("no intruder of the lab is drafted as declared, and each is listed", async () => {
  const declared: string[] = [];
  const unlisted: string[] = [];
  let intruders = 0;
  for (const name of writeSuite("intruders", root)) {
    const folder = join(root, name);
    const truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8")) as { expect: { receiver: string | null }[] };
    const real = new Lookup(loadDeclaration(join(folder, "network.yaml")).declaration);
    const strangers = truth.expect.flatMap(({ receiver }) =>
      // A subscriber is drafted as what he is; that he manages an element is no matter of a declaration.
      receiver !== null && /^[0-9a-f.:]+$/.test(receiver) && !real.isDeclared(receiver) && !real.isSubscriber(receiver) ? [receiver] : [],
    );
    if (strangers.length === 0 || NOT_TOLD_BY_TRAFFIC.has(name)) continue;
    const text = await learn(readdirSync(folder).flatMap((file) => (file.includes(".pcap") ? [join(folder, file)] : [])));
    const draft = new Lookup(parseDeclaration(text, "draft").declaration);
    const comments = text.slice(text.indexOf("# Unexplained"));
    for (const address of strangers) {
      intruders++;
      if (draft.isDeclared(address)) declared.push(name);
      else if (!comments.includes(address)) unlisted.push(name);
    }
  }
  expect(intruders).toBeGreaterThan(100);
  expect({ declared, unlisted }).toEqual({ declared: [], unlisted: [] });
});
