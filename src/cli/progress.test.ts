import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { ProgressLine } from "./progress.ts";

/** A terminal, or a pipe, that keeps what was written, and a clock to turn by hand. */
function screen(isTTY: boolean, env: Record<string, string> = {}) {
  const seen: string[] = [];
  const out = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        seen.push(chunk.toString());
        done();
      },
    }),
    { isTTY },
  );
  const clock = { ms: 0 };
  return { seen, clock, line: new ProgressLine(out, env, { now: () => clock.ms }) };
}
const bare = (text: string | undefined): string => (text ?? "").replace("\r\u001b[K", "");

describe("progress on a terminal", () => {
  it("says nothing of what takes less than a second", () => {
    const { seen, clock, line } = screen(true);
    line.show(1, 10, 5);
    clock.ms = 999;
    line.show(9, 10, 50);
    line.clear();
    expect(seen).toEqual([]);
  });
  it("shows share, packets, rate and time left", () => {
    const { seen, clock, line } = screen(true);
    clock.ms = 10_000;
    line.show(250e6, 1000e6, 1_234_567);
    expect(bare(seen[0])).toBe("reading  ━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  25 %  1,234,567 packets  25 MB/s  30 s left");
    expect(bare(seen[0]).length).toBeLessThanOrEqual(80);
    line.clear();
    expect(seen[1]).toBe("\r\u001b[K");
  });
  it("guesses no time left where the size is unknown", () => {
    const { seen, clock, line } = screen(true);
    clock.ms = 4000;
    line.show(8e6, -1, 900);
    expect(bare(seen[0])).toBe("reading  900 packets  2.0 MB/s");
  });
  it("counts each stage's time from its own beginning", () => {
    const { seen, clock, line } = screen(true);
    clock.ms = 60_000;
    line.stage("sealing", "findings");
    clock.ms = 70_000;
    line.show(1, 12);
    expect(bare(seen[0])).toBe(`sealing  ━━${"╌".repeat(18)}   8 %  1 findings  1:50 min left`);
  });
  it("goes on at once with the next stage where the line is there", () => {
    const { seen, clock, line } = screen(true);
    clock.ms = 5000;
    line.show(5, 10);
    line.stage("judging", "wait");
    line.show(0, -1);
    expect(seen.map(bare).at(-1)).toBe("judging");
    clock.ms = 70_000;
    line.show(0, -1);
    expect(seen.map(bare).at(-1)).toBe("judging  1:05 min");
  });
  it("counts the seconds of work that nobody can measure, and answers what it answers", async () => {
    const { seen, clock, line } = screen(true);
    const work = new Promise<string>((resolve) => {
      const timer = setInterval(() => {
        clock.ms += 1000;
        if (seen.length < 2) return;
        clearInterval(timer);
        resolve("done");
      }, 5);
    });
    await expect(line.during("printing", work)).resolves.toBe("done");
    expect(bare(seen[0])).toMatch(/^printing {2}\d+/);
  });
  it("changes the line ten times a second at most", () => {
    const { seen, clock, line } = screen(true);
    for (clock.ms = 1000; clock.ms < 2000; clock.ms++) line.show(clock.ms, 10_000);
    expect(seen).toHaveLength(10);
  });
});

it("says nothing into a pipe", () => {
  const { seen, clock, line } = screen(false);
  clock.ms = 5000;
  line.show(5, 10, 5);
  line.clear();
  expect(seen).toEqual([]);
});

it("tells a program that asked for it in JSON lines; only reading has packets", () => {
  const { seen, clock, line } = screen(false, { TAPPROOF_PROGRESS: "json" });
  line.show(5, 10, 7);
  clock.ms = 5000;
  line.stage("sealing", "findings");
  line.show(1, 3);
  expect(seen.map((text) => JSON.parse(text) as unknown)).toEqual([
    { packets: 7, done: 5, total: 10 },
    { stage: "sealing", done: 1, total: 3 },
  ]);
});
