/** Image and compose file, as far as they can be judged without a container engine; `.ci/run` builds and runs them where one is there. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMMANDS } from "#cli/commands.ts";
import { makeProgram } from "#cli/program.ts";

interface Service {
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
  readonly command: readonly string[];
}
const { services } = parse(readFileSync("compose.yaml", "utf8"), { merge: true }) as { services: Record<string, Service> };
const root = mkdtempSync(join(tmpdir(), "tapproof-container-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Services of the image itself; brokers and databases beside it have images of their own. */
const own = Object.entries(services).filter(([, service]) => COMMANDS.some(({ name }) => name === service.command?.[0]));

describe.each(own)("service %s", (_, { user, read_only, cap_drop, ports, command }) => {
  it("runs without root, rights or a disk to write to, and listens on loopback alone", () => {
    expect([user, read_only, cap_drop]).toEqual(["1000:1000", true, ["ALL"]]);
    for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
  it("calls the program with options that it has", () => {
    const known = makeProgram(COMMANDS).commands.find((c) => c.name() === command[0]);
    const flags = command.filter((word) => word.startsWith("--"));
    for (const flag of flags) expect(known?.options.some(({ long }) => long === flag)).toBe(true);
  });
});

it("the image needs no root, and keeps what it writes in one place", () => {
  const file = readFileSync("Dockerfile", "utf8");
  expect(file.match(/^FROM /gm)).toHaveLength(2);
  const last = file.slice(file.lastIndexOf("\nFROM "));
  expect(last).toMatch(/^USER 1000:1000$/m);
  expect(last).toMatch(/^VOLUME \/cases$/m);
  expect(last).not.toMatch(/npm|apt-get/);
});

it("the page answers under the name that the compose file publishes", async () => {
  const command = (services["serve"] as Service).command.map((word) => ({ "/cases": root, "7530": "0" })[word] ?? word);
  const child = spawn(process.execPath, ["bin/tapproof.cjs", ...command], {
    env: { ...process.env, TAPPROOF_HOME: join(root, "home") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const line = await new Promise<string>((answer) => createInterface({ input: child.stdout }).once("line", answer));
    const { port } = new URL(line);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  } finally {
    child.kill("SIGTERM");
  }
});
