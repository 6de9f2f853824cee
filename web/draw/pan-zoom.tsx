/** A drawing larger than its window: dragged, zoomed by wheel, two fingers, keys and buttons, and never smaller than can be read. */
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useWords } from "#web/app/language.tsx";
import { useMedia } from "#web/ui/media.ts";
import { drawings } from "#web/words/drawings.ts";
import { atFirst, READABLE, showing, within, zoomed, type Rect, type Size, type ViewBox } from "./view-box.ts";

/** Share of the window's height that a drawing takes at most, and the least it takes. */
const TALLEST = 0.8;
const LEAST = 420;
const STEP = 1.25;
/** Pixels by which an arrow moves. */
const ARROW = 60;
/** A pointer that moved less has chosen what it points at. */
const DRAG = 4;

interface Props extends Size {
  readonly className: string;
  readonly titleId: string;
  readonly focus: Rect | null;
  /** As high as it is: the page scrolls it. */
  readonly tall: boolean;
  readonly children: ReactNode;
}

export function PanZoom({ className, titleId, width, height, focus, tall, children }: Props) {
  const words = useWords(drawings);
  const frame = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [across, setAcross] = useState(0);
  const printed = useMedia("print");
  const drawing: Size = { width, height };
  const easy = across === 0 ? 1 : atFirst(drawing, { width: across, height: 1 }, null).scale;
  const room: Size = {
    width: Math.max(1, across),
    height: Math.min(height * easy, tall ? Infinity : Math.max(LEAST, window.innerHeight * TALLEST)),
  };
  const first = atFirst(drawing, room, focus);
  // another drawing (a group opened, a case changed) begins anew
  const key = `${width} ${height} ${across} ${focus?.left} ${focus?.top}`;
  const [moved, setMoved] = useState<{ readonly key: string; readonly view: ViewBox } | null>(null);
  const view = moved?.key === key ? moved.view : first;
  const latest = useRef({ view, drawing, room });
  latest.current = { view, drawing, room };
  const change = (next: (now: ViewBox) => ViewBox) => {
    const { view: now, drawing: d, room: r } = latest.current;
    const changed = within(next(now), d, r);
    latest.current = { ...latest.current, view: changed };
    setMoved({ key, view: changed });
  };

  useLayoutEffect(() => {
    const box = frame.current;
    if (box === null) return undefined;
    const look = () => setAcross(box.clientWidth);
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    look();
    return () => watcher.disconnect();
  }, []);

  // React listens to the wheel passively, and then the page would scroll too
  useEffect(() => {
    const box = svg.current;
    if (box === null) return undefined;
    const onWheel = (event: WheelEvent) => {
      // the page's own scrolling passes over a drawing that nobody works in; a pinch on a touchpad comes with ctrlKey
      if (!event.ctrlKey && !event.metaKey && !box.contains(document.activeElement)) return;
      event.preventDefault();
      const at = place(box, event);
      change((now) => zoomed(now, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), at));
    };
    box.addEventListener("wheel", onWheel, { passive: false });
    return () => box.removeEventListener("wheel", onWheel);
  });

  const pointers = useRef(new Map<number, { readonly x: number; readonly y: number }>());
  const dragged = useRef(false);
  const large = room.width / view.scale < width - 1 || room.height / view.scale < height - 1;
  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.current.size === 1) dragged.current = false;
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
    if (!dragged.current && others.length === 0 && Math.hypot(now.x - before.x, now.y - before.y) < DRAG) return;
    if (!dragged.current) event.currentTarget.setPointerCapture(event.pointerId);
    dragged.current = true;
    pointers.current.set(event.pointerId, now);
    const other = others[0];
    if (other === undefined) {
      change((v) => ({ ...v, x: v.x - (now.x - before.x) / v.scale, y: v.y - (now.y - before.y) / v.scale }));
      return;
    }
    const box = event.currentTarget;
    const middle = place(box, { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 });
    const was = place(box, { clientX: (before.x + other.x) / 2, clientY: (before.y + other.y) / 2 });
    const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    change((v) => zoomed({ ...v, x: v.x - (middle.x - was.x) / v.scale, y: v.y - (middle.y - was.y) / v.scale }, factor, middle));
  };
  const onPointerEnd = (event: PointerEvent<SVGSVGElement>) => pointers.current.delete(event.pointerId);

  const middle = { x: room.width / 2, y: room.height / 2 };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = (x: number, y: number) => change((v) => ({ ...v, x: v.x + x / v.scale, y: v.y + y / v.scale }));
    const actions: Readonly<Record<string, () => void>> = {
      "+": () => change((v) => zoomed(v, STEP, middle)),
      "=": () => change((v) => zoomed(v, STEP, middle)),
      "-": () => change((v) => zoomed(v, 1 / STEP, middle)),
      "0": () => setMoved(null),
      ArrowLeft: () => by(-ARROW, 0),
      ArrowRight: () => by(ARROW, 0),
      ArrowUp: () => by(0, -ARROW),
      ArrowDown: () => by(0, ARROW),
    };
    const action = actions[event.key];
    // an arrow that could move nothing scrolls the page
    if (action === undefined || (event.key.startsWith("Arrow") && !large)) return;
    event.preventDefault();
    action();
  };
  /** What has the focus is seen. */
  const onFocus = (target: Element) => {
    if (!(target instanceof SVGGraphicsElement) || target === svg.current || !target.matches(":focus-visible")) return;
    const { x, y, width: w, height: h } = target.getBBox();
    change((v) => showing(v, { left: x - 8, top: y - 8, right: x + w + 8, bottom: y + h + 8 }, latest.current.room));
  };
  const shown = printed
    ? { x: 0, y: 0, width, height }
    : { x: view.x, y: view.y, width: room.width / view.scale, height: room.height / view.scale };
  const zoomable = large || view.scale !== first.scale;
  return (
    <div className="pan-zoom" ref={frame}>
      <svg
        ref={svg}
        className={`${className}${large ? " movable" : ""}`}
        style={{ height: printed ? "auto" : room.height, touchAction: large && room.height / view.scale < height - 1 ? "none" : "pan-y" }}
        viewBox={`${shown.x} ${shown.y} ${shown.width} ${shown.height}`}
        role="group"
        aria-labelledby={titleId}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
        onClickCapture={(event) => {
          if (dragged.current) event.stopPropagation();
          dragged.current = false;
        }}
        onKeyDown={onKeyDown}
        onFocus={(event) => onFocus(event.target)}
      >
        {children}
      </svg>
      <div className="row zoom">
        <button
          type="button"
          className="button"
          aria-label={words.larger}
          title={words.larger}
          onClick={() => change((v) => zoomed(v, STEP, middle))}
        >
          +
        </button>
        <button
          type="button"
          className="button"
          aria-label={words.smaller}
          title={words.smaller}
          disabled={view.scale <= READABLE}
          onClick={() => change((v) => zoomed(v, 1 / STEP, middle))}
        >
          −
        </button>
        {moved?.key === key && (
          <button type="button" className="button" onClick={() => setMoved(null)}>
            {words.whole}
          </button>
        )}
        {zoomable && <span className="small quiet">{words.moveHint}</span>}
      </div>
    </div>
  );
}

function place(box: Element, event: { readonly clientX: number; readonly clientY: number }): { readonly x: number; readonly y: number } {
  const { left, top } = box.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
