import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Pixels that an element has across, now and as the window changes: for drawings that are laid out anew rather than shrunk. */
export function useWidth<T extends HTMLElement>(otherwise: number): readonly [RefObject<T | null>, number] {
  const box = useRef<T>(null);
  const [width, setWidth] = useState(otherwise);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = () => {
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    };
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    look();
    return () => watcher.disconnect();
  }, []);
  return [box, width];
}
