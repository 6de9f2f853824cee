import { describe, expect, it } from "vitest";
import { FrameBudget } from "#sense/frame-list.ts";
import { EarlierFrames, PADDING_LIMITS, SenderPadding } from "./padding.ts";

const text = (s: string): Uint8Array => Uint8Array.from(Buffer.from(s));
const line = (n: number): Uint8Array => text(`frame ${n} asks ${n * 7919} of ${n * 104_729}`);

describe("what earlier frames held", () => {
  const seen = (frames: number): EarlierFrames => {
    const earlier = new EarlierFrames();
    for (let n = 0; n < frames; n++) earlier.note(line(n), 0, line(n).length, n * 10_000);
    return earlier;
  };

  it("is known again, wherever it stood", () => {
    const earlier = seen(50);
    expect(earlier.held(line(40), 3, 16)).toBe(true);
    expect(earlier.held(text("never seen here"), 0, 15)).toBe(false);
  });

  it("says nothing while few frames were seen, of short pieces, and of fill", () => {
    expect(seen(5).held(line(1), 0, 12)).toBeUndefined();
    expect(seen(50).held(line(1), 0, 5)).toBeUndefined();
    expect(seen(50).held(new Uint8Array(18).fill(0x20), 0, 18)).toBeUndefined();
  });

  it("of a busy second is sampled", () => {
    const earlier = new EarlierFrames();
    for (let n = 0; n < PADDING_LIMITS.framesPerSecond + 10; n++) earlier.note(line(n), 0, line(n).length, 5);
    const late = line(PADDING_LIMITS.framesPerSecond + 5);
    expect(earlier.held(late, 0, late.length)).toBe(false);
  });
});

it("one sender's padding is one content, whoever gets it", () => {
  const padding = new SenderPadding(0);
  const budget = new FrameBudget();
  for (let n = 0; n < 30; n++) padding.add(line(n), 0, 12, n < 3, n % 3 === 0 ? "10.0.0.2" : "10.0.0.3", n, n, budget);
  expect(padding).toMatchObject({ packets: 30, receiversSeen: 2 });
  expect(padding.mostTo()).toBe("10.0.0.3");
  expect(padding.content.summary()).toMatchObject({ contents: 30, known: 3 });
});
