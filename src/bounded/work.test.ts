/** A stranger's work ends: what never would is ended at its bound, and the caller goes on. */
import { describe, expect, it } from "vitest";
import { DECLARATION_BOUNDS, VERIFY_BOUNDS } from "./limits.ts";
import { boundedWork, OutOfBounds, type Bounds } from "./work.ts";

const NETWORK = "network: { name: Exampletel, country: FR, plmns: ['20801'] }\n";
const within = (bounds: Partial<Bounds>): Bounds => ({ ...DECLARATION_BOUNDS, ...bounds });
const declaration = (text: string, bounds = DECLARATION_BOUNDS) => boundedWork("declaration", { text, file: "network.yaml" }, bounds);

async function bound(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof OutOfBounds)) throw new Error(`expected a bound to be reached, got ${String(error)}`);
  return error.bound;
}

describe("work in a process with bounds", () => {
  it("gives what the work gives", async () => {
    expect((await declaration(NETWORK)).loaded?.declaration.network.name).toBe("Exampletel");
    expect((await declaration("network: { nam: x }")).problems?.[0]?.message).toMatch(/./);
    expect(await boundedWork("verify", { octets: Buffer.from("no bundle"), options: {} }, VERIFY_BOUNDS)).toMatchObject({ bundle: false });
  });

  it("hands on what the work throws", async () => {
    const broken = { octets: undefined as unknown as Uint8Array, options: {} };
    await expect(boundedWork("verify", broken, VERIFY_BOUNDS)).rejects.toMatchObject({ name: "TypeError" });
  });

  it("is killed when its time is over, although nothing in it could be interrupted, and the caller is free all the while", async () => {
    let turns = 0;
    const turning = setInterval(() => turns++, 10);
    const open = `x: ${"[".repeat(400_000)}`;
    const ended = await bound(declaration(open, within({ seconds: 0.5 }))).finally(() => clearInterval(turning));
    expect(ended).toBe("seconds");
    expect(turns).toBeGreaterThan(5);
  });

  it("is killed when it takes more memory than it may", async () => {
    const functions = Array.from({ length: 25_000 }, (_, i) => ({
      name: `f-${i}`,
      roles: ["MME"],
      addresses: [`10.0.${i >> 8}.${i & 255}`],
    }));
    const text = JSON.stringify({ network: { name: "x", country: "FR", plmns: ["20801"] }, functions });
    expect(await bound(declaration(text, within({ heapMiB: 24, seconds: 60 })))).toBe("memory");
    if (process.platform !== "linux") return;
    expect(await bound(declaration(text, within({ memoryMiB: 70, seconds: 60 })))).toBe("memory");
  });

  it("is killed when nothing is heard of it", async () => {
    const text = `x: ${"[".repeat(400_000)}`;
    expect(await bound(declaration(text, within({ silenceSeconds: 0.5, seconds: Infinity })))).toBe("silenceSeconds");
  });

  it("is given up when the caller no longer wants it", async () => {
    const controller = new AbortController();
    const work = boundedWork("declaration", { text: `x: ${"[".repeat(400_000)}`, file: "x" }, DECLARATION_BOUNDS, {
      signal: controller.signal,
    });
    controller.abort();
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
  });
});
