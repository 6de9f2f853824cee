/** Counts events per key in a sliding window of two halves; bounded whatever the number of keys. */
export class Rate {
  private readonly most: number;
  private readonly windowMs: number;
  private now: Map<string, number> = new Map();
  private before: Map<string, number> = new Map();
  private since = 0;

  constructor(most: number, windowMs: number) {
    this.most = most;
    this.windowMs = windowMs;
  }

  /** Whether the key had its share; counts nothing. */
  spent(key: string, at = Date.now()): boolean {
    this.turn(at);
    const share = 1 - (at - this.since) / this.windowMs;
    return (this.now.get(key) ?? 0) + (this.before.get(key) ?? 0) * share >= this.most;
  }

  /** Counts one more; false where the key had its share. */
  allow(key: string, at = Date.now()): boolean {
    if (this.spent(key, at)) return false;
    if (this.now.size < MAX_KEYS || this.now.has(key)) this.now.set(key, (this.now.get(key) ?? 0) + 1);
    return true;
  }

  private turn(at: number): void {
    if (at - this.since < this.windowMs) return;
    this.before = at - this.since < 2 * this.windowMs ? this.now : new Map();
    this.now = new Map();
    this.since = at;
  }
}

/** Addresses counted apart; further ones of the same window are not held back. */
const MAX_KEYS = 100_000;
