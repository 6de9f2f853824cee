/** One subscriber under several addresses (an IPv6 device makes new ones in its /64 at will): what was found of each is that person's. */
import type { CopyObservation, CopySubscriber } from "#model/copy.ts";
import { uniqueBits } from "./bits.ts";

/** Frames listed of one subscriber, as the search lists them; the total counts the others too. */
const MOST_FRAMES = 1000;
/** Flows listed of one subscriber, as the search lists them; those with the least evidence go first. */
const MOST_FLOWS = 64;

/** `holder`: a key of who held the address then. */
export function byHolder(o: CopyObservation, holder: (address: string, micros: number) => string): CopyObservation {
  if (o.subscribers.length < 2) return o;
  const joined = new Map<string, CopySubscriber>();
  for (const s of o.subscribers) {
    const key = holder(s.address, s.firstMicros);
    const known = joined.get(key);
    joined.set(key, known === undefined ? s : both(known, s));
  }
  if (joined.size === o.subscribers.length) return o;
  return { ...o, subscribers: [...joined.values()].sort((a, b) => b.packets - a.packets) };
}

function both(a: CopySubscriber, b: CopySubscriber): CopySubscriber {
  const flows = [...a.flows, ...b.flows].sort((x, y) => uniqueBits(y.credits) - uniqueBits(x.credits) || y.matches - x.matches);
  const frames = [...new Set([...a.frames.frames, ...b.frames.frames])].sort((x, y) => x - y);
  return {
    address: a.packets >= b.packets ? a.address : b.address,
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    firstMicros: Math.min(a.firstMicros, b.firstMicros),
    lastMicros: Math.max(a.lastMicros, b.lastMicros),
    frames: { capture: a.frames.capture, frames: frames.slice(0, MOST_FRAMES), total: a.frames.total + b.frames.total },
    flowsOffered: a.flowsOffered + b.flowsOffered,
    printsOffered: a.printsOffered + b.printsOffered,
    flows: flows.slice(0, MOST_FLOWS),
    flowsMatched: a.flowsMatched + b.flowsMatched,
    ...(a.login === true || b.login === true ? { login: true } : {}),
  };
}
