/** Binomial chances in logarithms: tails far below what a double can hold, and exact bounds of a share (Clopper and Pearson 1934). */

function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
}

function lnFactorial(n: number): number {
  if (n < 2) return 0;
  if (n < 64) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** log2 of P(X >= k) for a binomial distribution; 0 where k is 0 or p is 1. */
export function log2BinomialTail(k: number, n: number, p: number): number {
  if (k <= 0 || p >= 1) return 0;
  if (p <= 0 || k > n) return Number.NEGATIVE_INFINITY;
  const odds = Math.log(p) - Math.log1p(-p);
  let ln = lnChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
  const first = ln;
  let sum = 0;
  for (let i = k; i <= n; i++) {
    const term = Math.exp(ln - first);
    sum += term;
    if (i > n * p && term < 1e-12) break;
    ln += Math.log(n - i) - Math.log(i + 1) + odds;
  }
  return Math.min(0, (first + Math.log(sum)) / Math.LN2);
}

/**
 * log2 of P(X >= k) for the successes in `n` trials whose chance is `afterMiss` after a miss and `afterHit` after a success (the first as after a miss).
 * Not below -1000.
 */
export function log2MarkovTail(k: number, n: number, afterMiss: number, afterHit: number): number {
  if (k <= 0) return 0;
  // Chance of having x successes so far, by the last outcome.
  let miss = new Float64Array(k + 1);
  let hit = new Float64Array(k + 1);
  miss[0] = 1;
  for (let i = 0; i < n; i++) {
    const nextMiss = new Float64Array(k + 1);
    const nextHit = new Float64Array(k + 1);
    for (let x = 0; x <= Math.min(i, k); x++) {
      const m = miss[x] as number;
      const h = hit[x] as number;
      // All counts from k on share the last place.
      const up = Math.min(k, x + 1);
      nextMiss[x] = (nextMiss[x] as number) + m * (1 - afterMiss) + h * (1 - afterHit);
      nextHit[up] = (nextHit[up] as number) + m * afterMiss + h * afterHit;
    }
    miss = nextMiss;
    hit = nextHit;
  }
  const tail = (miss[k] as number) + (hit[k] as number);
  return tail <= 2 ** -1000 ? -1000 : Math.min(0, Math.log2(tail));
}

/** Share p at which so few as `hits` in `trials` have a chance of `alpha`: the upper bound. 1 where nothing was looked at. */
export function upperShare(hits: number, trials: number, alpha: number): number {
  if (trials <= 0 || hits >= trials) return 1;
  let low = hits / trials;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const mid = (low + high) / 2;
    // P(X <= hits) = P(n - X >= n - hits), with the share of misses.
    if (log2BinomialTail(trials - hits, trials, 1 - mid) > Math.log2(alpha)) low = mid;
    else high = mid;
  }
  return high;
}

/** Shares of trials that succeed under one kind of shift. */
export class Shares {
  count = 0;
  trials = 0;
  private hits = 0;
  private sum = 0;
  private squares = 0;
  private sizes = 0;

  add(successes: number, trials: number): void {
    if (trials === 0) return;
    this.count++;
    this.trials += trials;
    this.hits += successes;
    this.sum += successes / trials;
    this.squares += (successes / trials) ** 2;
    this.sizes += trials;
  }

  share(): number {
    return this.trials === 0 ? 0 : this.hits / this.trials;
  }

  /** Upper bound of the share; it is exceeded with a chance of 2^-20. */
  upper(): number {
    return upperShare(this.hits, this.trials, 2 ** -20);
  }

  /** Independent trials that those of one shift are worth, by the spread of the shares between shifts. */
  independent(): number {
    const mean = this.sum / this.count;
    const variance = Math.max(0, this.squares / this.count - mean * mean) * (this.count / Math.max(1, this.count - 1));
    const bursts = this.sizes / this.count;
    if (variance === 0) return bursts;
    return Math.min(bursts, Math.max(mean * (1 - mean), 1 / bursts / 4) / variance);
  }
}
