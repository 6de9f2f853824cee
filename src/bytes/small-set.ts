/**
 * A set that mostly holds one to four things: a list until it has more than eight, then a `Set`. An empty `Set` alone takes some
 * 200 octets, which is what a tracked thing as a whole should take. Iteration is safe against removal of what was visited.
 */
export class SmallSet<T> implements Iterable<T> {
  private few: T[] = [];
  private many: Set<T> | undefined = undefined;

  get size(): number {
    return this.many?.size ?? this.few.length;
  }

  has(one: T): boolean {
    return this.many === undefined ? this.few.includes(one) : this.many.has(one);
  }

  add(one: T): void {
    if (this.many !== undefined) this.many.add(one);
    else if (this.few.includes(one)) return;
    // Not pushed: a push, or a spread with something behind it, takes room for seventeen.
    else if (this.few.length < FEW) this.few = this.few.concat(one);
    else {
      this.many = new Set(this.few);
      this.many.add(one);
      this.few = [];
    }
  }

  delete(one: T): void {
    if (this.many !== undefined) this.many.delete(one);
    else {
      // A new list, so that whoever walks the old one misses nothing.
      const at = this.few.indexOf(one);
      if (at >= 0) this.few = this.few.toSpliced(at, 1);
    }
  }

  clear(): void {
    this.few = [];
    this.many = undefined;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.many === undefined ? this.few[Symbol.iterator]() : this.many[Symbol.iterator]();
  }
}

const FEW = 8;
