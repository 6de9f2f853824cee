/** Which part of a drawing a window shows, and how large: pure, in the drawing's own pixels. */

/** Smaller, and the smallest text of a drawing (11 pixels) could not be read. */
export const READABLE = 0.9;
export const LARGEST = 4;
/** A drawing that has room is shown larger than it was laid out. */
const AT_EASE = 1.2;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ViewBox {
  readonly x: number;
  readonly y: number;
  /** Screen pixels of one pixel of the drawing. */
  readonly scale: number;
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** As much as can be read of it: all where it fits, else what must be seen first. */
export function atFirst(drawing: Size, room: Size, focus: Rect | null): ViewBox {
  const scale = Math.min(AT_EASE, Math.max(READABLE, room.width / drawing.width));
  const shown = { width: room.width / scale, height: room.height / scale };
  if (focus === null) return within({ x: 0, y: 0, scale }, drawing, room);
  // its right and lower end may lie further than the window reaches: then its beginning counts
  const at = (from: number, to: number, size: number) => Math.min((from + to - size) / 2, from - 16);
  return within({ x: at(focus.left, focus.right, shown.width), y: at(focus.top, focus.bottom, shown.height), scale }, drawing, room);
}

/** Inside the drawing; what is smaller than its window stands in the middle of it, from its top. */
export function within(view: ViewBox, drawing: Size, room: Size): ViewBox {
  const scale = Math.min(LARGEST, Math.max(READABLE, view.scale));
  const [width, height] = [room.width / scale, room.height / scale];
  return {
    x: width >= drawing.width ? (drawing.width - width) / 2 : Math.min(drawing.width - width, Math.max(0, view.x)),
    y: height >= drawing.height ? 0 : Math.min(drawing.height - height, Math.max(0, view.y)),
    scale,
  };
}

/** Larger or smaller by a factor; the point of the window (screen pixels) stays where it is. */
export function zoomed(view: ViewBox, factor: number, at: { readonly x: number; readonly y: number }): ViewBox {
  const scale = Math.min(LARGEST, Math.max(READABLE, view.scale * factor));
  return { x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale, scale };
}

/** Moved as little as shows all of a part of the drawing. */
export function showing(view: ViewBox, part: Rect, room: Size): ViewBox {
  const [width, height] = [room.width / view.scale, room.height / view.scale];
  const move = (from: number, size: number, a: number, b: number) => (a < from ? a : b > from + size ? Math.min(a, b - size) : from);
  return { ...view, x: move(view.x, width, part.left, part.right), y: move(view.y, height, part.top, part.bottom) };
}
