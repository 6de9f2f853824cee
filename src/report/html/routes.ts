/**
 * Lines of the map that go round boxes: straight where nothing stands between, else square, through the lanes between columns and rows.
 * Computed from positions alone: the same map gives the same lines. A line prefers to be short, to bend little, and to keep its distance from
 * those that were laid before it.
 */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Segment {
  readonly a: Spot;
  readonly b: Spot;
}

/** What is paid, in units of length. */
const COST = { bend: 14, box: 5000, beside: 400, crossing: 30 } as const;
/** Lines nearer than this run into one another. */
const APART = 5;
/** A line comes no nearer to a box that it does not belong to. */
const CLEAR = 4;
/** Between two places at which a line may leave a box, and from its corner. */
const PORT = { step: 9, corner: 6 } as const;
/** A gap between two boxes that is wider is open ground, and has lanes of its own where nothing spans it. */
const WIDEST_LANE = 90;
/** Between two lines of one lane. */
const LANE = 8;
/** Boxes from which on, and lines from which on, fewer ways are tried and lines may cross: ways grow with the square of what there is. */
const CROWD = { boxes: 60, lines: 40, lanes: 20 } as const;

export class Routes {
  readonly #boxes: readonly Rect[];
  readonly #lanesX: readonly number[];
  readonly #lanesY: readonly number[];
  readonly #crowded: boolean;
  readonly #laid: Segment[] = [];

  constructor(boxes: readonly Rect[], whole: Rect, lines = 0) {
    this.#boxes = boxes;
    this.#crowded = boxes.length > CROWD.boxes || lines > CROWD.lines;
    const all = (of: (b: Rect) => readonly [number, number], low: number, size: number): readonly number[] =>
      lanes(boxes.map(of), low, low + size);
    const some = (found: readonly number[]): readonly number[] =>
      this.#crowded ? found.filter((_, i) => i % Math.ceil(found.length / CROWD.lanes) === 0) : found;
    this.#lanesX = some(all((b) => [b.x, b.x + b.width], whole.x, whole.width));
    this.#lanesY = some(all((b) => [b.y, b.y + b.height], whole.y, whole.height));
  }

  /** From one box to another: the corners of the line, its ends included. */
  between(from: Rect, to: Rect): readonly Spot[] {
    let best: readonly Spot[] = [middleOf(from), middleOf(to)];
    let least = Infinity;
    const apart = distance(from, to);
    let waiting: { readonly line: readonly Spot[]; readonly base: number }[] = [];
    let bends = 0;
    // the shortest first: what comes later is longer before it is in anybody's way
    const settle = (): void => {
      waiting.sort((a, b) => a.base - b.base);
      for (const { line, base } of waiting) {
        if (base >= least) break;
        const cost = base + this.#trouble(line, from, to, least - base);
        if (cost < least) [best, least] = [line, cost];
      }
      waiting = [];
    };
    for (const line of this.#candidates(from, to)) {
      if (line.length - 2 > bends) {
        settle();
        bends = line.length - 2;
        // those that come have as many bends or more, and none is shorter than what lies between
        if (least <= apart + COST.bend * bends) break;
        // in a crowd the last resort is for lines that found no way round a box
        if (this.#crowded && bends > 2 && least < COST.box) break;
      }
      const base = lengthOf(line) + COST.bend * bends;
      if (base < least) waiting.push({ line, base });
    }
    settle();
    for (const segment of segmentsOf(best)) this.#laid.push(segment);
    return best;
  }

  /** Straight ones first, then with one bend, two, three. */
  *#candidates(from: Rect, to: Rect): Generator<readonly Spot[]> {
    const sides = (box: Rect): { readonly x: number; readonly ys: readonly number[] }[] => {
      const ys = this.#ports(box.y, box.height);
      return [
        { x: box.x, ys },
        { x: box.x + box.width, ys },
      ];
    };
    const ends = (box: Rect): { readonly y: number; readonly xs: readonly number[] }[] => {
      const xs = this.#ports(box.x, box.width);
      return [
        { y: box.y, xs },
        { y: box.y + box.height, xs },
      ];
    };
    // straight, where the two face one another
    const level = facing([from.y, from.height], [to.y, to.height], ports(from.y, from.height));
    const upright = facing([from.x, from.width], [to.x, to.width], ports(from.x, from.width));
    for (const a of sides(from)) for (const b of sides(to)) for (const y of level) yield [spot(a.x, y), spot(b.x, y)];
    for (const a of ends(from)) for (const b of ends(to)) for (const x of upright) yield [spot(x, a.y), spot(x, b.y)];
    // one bend
    for (const a of sides(from))
      for (const y of a.ys) for (const b of ends(to)) for (const x of b.xs) yield [spot(a.x, y), spot(x, y), spot(x, b.y)];
    for (const a of ends(from))
      for (const x of a.xs) for (const b of sides(to)) for (const y of b.ys) yield [spot(x, a.y), spot(x, y), spot(b.x, y)];
    // two bends, in a lane
    for (const a of sides(from))
      for (const y of a.ys)
        for (const lane of this.#lanesX)
          for (const b of sides(to)) for (const t of b.ys) yield [spot(a.x, y), spot(lane, y), spot(lane, t), spot(b.x, t)];
    for (const a of ends(from))
      for (const x of a.xs)
        for (const lane of this.#lanesY)
          for (const b of ends(to)) for (const t of b.xs) yield [spot(x, a.y), spot(x, lane), spot(t, lane), spot(t, b.y)];
    // three bends, from one lane into another
    for (const a of sides(from))
      for (const y of few(a.ys))
        for (const lane of this.#lanesX)
          for (const cross of this.#lanesY)
            for (const b of ends(to))
              for (const t of few(b.xs)) yield [spot(a.x, y), spot(lane, y), spot(lane, cross), spot(t, cross), spot(t, b.y)];
    for (const a of ends(from))
      for (const x of few(a.xs))
        for (const cross of this.#lanesY)
          for (const lane of this.#lanesX)
            for (const b of sides(to))
              for (const t of few(b.ys)) yield [spot(x, a.y), spot(x, cross), spot(lane, cross), spot(lane, t), spot(b.x, t)];
  }

  #ports(from: number, size: number): readonly number[] {
    const all = ports(from, size);
    return this.#crowded && size <= LONG ? few(all) : all;
  }

  /** What a line runs through or into; ends early where it is more than `enough`. */
  #trouble(line: readonly Spot[], from: Rect, to: Rect, enough: number): number {
    let sum = 0;
    for (const segment of segmentsOf(line)) {
      for (const box of this.#boxes) {
        const own = box === from || box === to;
        if (through(segment, box, own ? -1 : CLEAR)) sum += COST.box;
        if (sum >= enough) return sum;
      }
      if (this.#crowded) continue;
      for (const other of this.#laid) {
        if (beside(segment, other)) sum += COST.beside;
        else if (crosses(segment, other)) sum += COST.crossing;
        if (sum >= enough) return sum;
      }
    }
    return sum;
  }
}

/** Positions between things that stand side by side, several to a lane. */
function lanes(spans: readonly (readonly [number, number])[], low: number, high: number): number[] {
  const sorted = [...spans].sort(([a], [b]) => a - b);
  const found: number[] = [];
  let end = low;
  const fill = (from: number, to: number): void => {
    for (let at = from + LANE; at <= to - CLEAR - 1; at += LANE) found.push(at);
  };
  for (const [from, to] of sorted) {
    if (from > end) fill(end, from);
    end = Math.max(end, to);
  }
  fill(end, high);
  // a box that spans several columns must not hide the lanes above and below it
  for (const [, to] of sorted) {
    const next = Math.min(...sorted.map(([from]) => from).filter((from) => from > to));
    if (next - to < WIDEST_LANE) fill(to, next);
  }
  return [...new Set(found.map((at) => Math.round(at)))].sort((a, b) => a - b);
}

/** A bar that many lines end on. */
const LONG = 200;

function ports(from: number, size: number): number[] {
  const middle = from + size / 2;
  const found = [middle];
  for (let away = PORT.step; middle + away <= from + size - PORT.corner; away += PORT.step) found.push(middle - away, middle + away);
  return found.slice(0, size > LONG ? 99 : 9);
}

const few = (all: readonly number[]): readonly number[] => all.slice(0, 3);

/** Where a straight line may go between two that lie beside one another: in the middle of what they share, or at a port. */
function facing([a, sizeA]: readonly [number, number], [b, sizeB]: readonly [number, number], at: readonly number[]): number[] {
  const [low, high] = [Math.max(a, b), Math.min(a + sizeA, b + sizeB)];
  const corner = Math.min(PORT.corner, Math.max(0, (high - low) / 2));
  return high < low ? [] : [...new Set([...at.filter((v) => v >= low + corner && v <= high - corner), (low + high) / 2])];
}

/** No line between the two is shorter. */
function distance(a: Rect, b: Rect): number {
  const gap = (from: number, size: number, other: number, otherSize: number): number =>
    Math.max(0, other - from - size, from - other - otherSize);
  return gap(a.x, a.width, b.x, b.width) + gap(a.y, a.height, b.y, b.height);
}

const spot = (x: number, y: number): Spot => ({ x, y });
const middleOf = (box: Rect): Spot => spot(box.x + box.width / 2, box.y + box.height / 2);

function segmentsOf(line: readonly Spot[]): Segment[] {
  return line.slice(1).map((b, i) => ({ a: line[i] as Spot, b }));
}

function lengthOf(line: readonly Spot[]): number {
  return segmentsOf(line).reduce((sum, { a, b }) => sum + Math.abs(a.x - b.x) + Math.abs(a.y - b.y), 0);
}

const span = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a]);

/** Every segment is level or upright. A negative margin lets it touch the edge. */
function through({ a, b }: Segment, box: Rect, margin: number): boolean {
  const [x0, x1] = span(a.x, b.x);
  const [y0, y1] = span(a.y, b.y);
  return x1 > box.x - margin && x0 < box.x + box.width + margin && y1 > box.y - margin && y0 < box.y + box.height + margin;
}

/** Two lines so near and so long beside one another that they look like one. */
function beside(one: Segment, other: Segment): boolean {
  const upright = one.a.x === one.b.x;
  if (upright !== (other.a.x === other.b.x)) return false;
  const away = upright ? Math.abs(one.a.x - other.a.x) : Math.abs(one.a.y - other.a.y);
  if (away >= APART) return false;
  const [from, to] = upright ? span(one.a.y, one.b.y) : span(one.a.x, one.b.x);
  const [low, high] = upright ? span(other.a.y, other.b.y) : span(other.a.x, other.b.x);
  return Math.min(to, high) - Math.max(from, low) > 2;
}

function crosses(one: Segment, other: Segment): boolean {
  const [x0, x1] = span(one.a.x, one.b.x);
  const [y0, y1] = span(one.a.y, one.b.y);
  const [u0, u1] = span(other.a.x, other.b.x);
  const [v0, v1] = span(other.a.y, other.b.y);
  return x1 >= u0 && x0 <= u1 && y1 >= v0 && y0 <= v1;
}
