/** Keys of the whole application. The newest view that wants a key gets it. */
import { useLayoutEffect, useRef } from "react";
import { flushSync } from "react-dom";

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const stack: { current: Keys }[] = [];
/** `g`, then a letter within this many milliseconds, changes the view. */
const CHORD_MILLIS = 1500;
let chordSince = -Infinity;

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

window.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") (event.target as HTMLElement).blur();
    return;
  }
  // Enter and Space belong to the control that has the focus
  if (
    (event.key === "Enter" || event.key === " ") &&
    event.target instanceof HTMLElement &&
    event.target.closest("a,button,summary") !== null
  )
    return;
  // an open dialog has its own keys
  if (document.querySelector("dialog[open]") !== null) return;
  const chord = event.timeStamp - chordSince < CHORD_MILLIS;
  chordSince = -Infinity;
  if (!chord && event.key === "g") {
    chordSince = event.timeStamp;
    return;
  }
  const name = chord ? `g ${event.key}` : event.key;
  for (let i = stack.length - 1; i >= 0; i--) {
    const handler = stack[i]?.current[name];
    if (handler === undefined) continue;
    event.preventDefault();
    // at once: whoever types fast must find the next key acting on what this one did
    flushSync(() => handler(event));
    return;
  }
});

/** Listens to keys while the component is shown: `{ j: down, "g f": toFindings }`. */
export function useKeys(keys: Keys): void {
  const held = useRef(keys);
  held.current = keys;
  useLayoutEffect(() => {
    stack.push(held);
    return () => {
      stack.splice(stack.indexOf(held), 1);
    };
  }, []);
}
