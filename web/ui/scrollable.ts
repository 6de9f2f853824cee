/** For what scrolls sideways only where the window is narrow: then, and only then, the keyboard can reach and scroll it. A callback ref. */
export function scrollable(box: HTMLElement | null): (() => void) | undefined {
  if (box === null) return undefined;
  const look = (): void => {
    if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  };
  const watcher = new ResizeObserver(look);
  watcher.observe(box);
  for (const child of box.children) watcher.observe(child);
  look();
  return () => watcher.disconnect();
}
