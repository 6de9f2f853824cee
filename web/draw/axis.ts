const SECOND = 1000;
const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400, 172_800, 604_800, 2_592_000, 7_776_000, 31_536_000,
].map((s) => s * SECOND);

/** Round instants between two (milliseconds since the epoch), about `wanted` of them. */
export function axisTicks(from: number, to: number, wanted: number): number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const step = STEPS.find((s) => span / s <= wanted) ?? (STEPS.at(-1) as number);
  const ticks: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to && ticks.length < 50; t += step) ticks.push(t);
  return ticks.length === 0 ? [from] : ticks;
}
