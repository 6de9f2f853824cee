/** The ordinary day that scenarios are played on. */
import type { Case } from "#lab/case.ts";
import { maintenance, polling } from "#lab/network/background.ts";

export interface EverydayOptions {
  readonly subscribers?: number;
  readonly seconds?: number;
  readonly volume?: number;
  readonly maintenance?: boolean;
}

/** Setup, attaches and a mixture of traffic; returns when the attaches are done. */
export function everyday(c: Case, o: EverydayOptions = {}): number {
  const seconds = o.seconds ?? 20;
  const t = c.begin(o.subscribers ?? 3, seconds + 20);
  for (const s of c.core.subscribers) c.traffic.mixture(s, t + c.random.unit(), seconds, o.volume ?? 4500);
  if (o.maintenance === true) {
    const l = c.layout;
    c.grantNoc([l.sgwU, l.sgwC, l.mme]);
    maintenance(c.core, l.mme, t + 1);
    polling(c.core, l.sgwU, t + 0.5, 3, 7);
  }
  return t;
}

export function detachAll(c: Case, after: number): void {
  for (const [i, s] of c.core.subscribers.entries()) c.core.detach(s, after + 60 + i);
}
