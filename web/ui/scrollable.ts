/** Columns from which a table is told row by row on a narrow screen: with fewer it fits. */
const MANY = 3;

/**
 * For what scrolls sideways only where the window is narrow: then, and only then, the keyboard can reach and scroll it. A table of many columns
 * learns which cell belongs to which column, so that a narrow screen can show each row as names and values (`.stacks`). A callback ref.
 */
export function scrollable(box: HTMLElement | null): (() => void) | undefined {
  if (box === null) return undefined;
  const look = (): void => {
    label(box);
    if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  };
  const watcher = new ResizeObserver(look);
  watcher.observe(box);
  for (const child of box.children) watcher.observe(child);
  const rows = new MutationObserver(look);
  rows.observe(box, { childList: true, subtree: true });
  look();
  return () => {
    watcher.disconnect();
    rows.disconnect();
  };
}

function label(box: HTMLElement): void {
  const table = box.firstElementChild;
  if (!(table instanceof HTMLTableElement)) return;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent);
  if (heads.length < MANY) return;
  table.classList.add("stacks");
  for (const body of table.tBodies)
    for (const row of body.rows)
      for (const [i, cell] of [...row.cells].entries()) {
        const name = cell.colSpan > 1 ? "" : (heads[i] ?? "");
        if (cell.dataset["label"] !== name) cell.dataset["label"] = name;
      }
}
