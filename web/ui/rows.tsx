/** A list of any length: only the rows on screen exist. Rows have one height, so that a jump to row 90,000 lands where it should. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  readonly count: number;
  /** Pixels. */
  readonly rowHeight: number;
  /** Pixels; the list is no higher than its rows. */
  readonly maxHeight: number;
  readonly label: string;
  readonly row: (index: number) => ReactNode;
  /** Row to keep in view (the one the keyboard is on). */
  readonly current?: number | undefined;
  /** Called when the rows shown change: to read more before the reader gets there. */
  readonly onRange?: ((first: number, last: number) => void) | undefined;
  readonly role?: string;
}

export function Rows({ count, rowHeight, maxHeight, label, row, current, onRange, role = "rowgroup" }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 8 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    onRange?.(first, last);
  }, [first, last, onRange]);
  useEffect(() => {
    if (current !== undefined && current >= 0 && current < count) virtual.scrollToIndex(current, { align: "auto" });
    // scrolling follows the keyboard only, never the data
  }, [current]);
  useEffect(() => {
    virtual.measure();
  }, [rowHeight]);
  const height = Math.min(maxHeight, count * rowHeight + 2);
  return (
    <div ref={box} className="rows" role={role} aria-label={label} tabIndex={0} style={{ height }}>
      <div className="rows-space" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <div
            key={item.key}
            className="rows-row"
            role="presentation"
            style={{ height: item.size, transform: `translateY(${item.start}px)` }}
          >
            {row(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
