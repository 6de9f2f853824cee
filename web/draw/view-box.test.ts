import { describe, expect, test } from "vitest";
import { atFirst, LARGEST, READABLE, showing, within, zoomed } from "./view-box.ts";

const drawing = { width: 3000, height: 2000 };
const room = { width: 1000, height: 600 };

describe("the part of a drawing that is shown", () => {
  test("is never smaller than can be read, and begins at what was found", () => {
    const view = atFirst(drawing, room, { left: 2000, top: 1500, right: 2100, bottom: 1550 });
    expect(view.scale).toBe(READABLE);
    expect([view.x <= 2000, view.x + room.width / view.scale >= 2100]).toEqual([true, true]);
    expect([view.y <= 1500, view.y + room.height / view.scale >= 1550]).toEqual([true, true]);
    expect(atFirst(drawing, room, null)).toEqual({ x: 0, y: 0, scale: READABLE });
  });

  test("holds the point under the pointer when it grows, within its bounds", () => {
    const view = { x: 100, y: 100, scale: 1 };
    const at = { x: 250, y: 50 };
    const larger = zoomed(view, 2, at);
    expect([larger.x + at.x / larger.scale, larger.y + at.y / larger.scale]).toEqual([350, 150]);
    expect([zoomed(view, 100, at).scale, zoomed(view, 0.001, at).scale]).toEqual([LARGEST, READABLE]);
  });

  test("does not leave the drawing, and what is smaller than the window stands in its middle", () => {
    expect(within({ x: -50, y: 9999, scale: 1 }, drawing, room)).toEqual({ x: 0, y: 1400, scale: 1 });
    expect(within({ x: 0, y: 0, scale: 1 }, { width: 400, height: 300 }, room)).toEqual({ x: -300, y: 0, scale: 1 });
  });

  test("moves as little as shows what has the focus", () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(showing(view, { left: 10, top: 10, right: 50, bottom: 50 }, room)).toEqual(view);
    expect(showing(view, { left: 1200, top: 0, right: 1250, bottom: 20 }, room)).toEqual({ x: 250, y: 0, scale: 1 });
  });
});
