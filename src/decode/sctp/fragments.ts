import type { Sighting } from "#model/sighting.ts";

/** One fragment of a user message, copied out of its frame. */
export interface Fragment {
  /** Position: TSN for DATA, fragment sequence number for I-DATA; unsigned 32 bits. */
  readonly position: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly ppid: number;
  readonly bytes: Uint8Array;
  /** Some octets of the chunk were not captured. */
  readonly cut: boolean;
  readonly seen: Sighting;
  /** The next fragment of its run. */
  next: Fragment | undefined;
}

/** Neighbouring fragments of one message, as a list: joining two runs costs O(1). */
export interface Run {
  readonly space: string;
  /** When its oldest fragment came, microseconds. */
  micros: number;
  head: Fragment;
  tail: Fragment;
  count: number;
  octets: number;
}

/**
 * Fragments of one direction that wait for their neighbours. `space` keeps apart what does not belong together: all DATA
 * chunks of an association number their fragments in one series (RFC 9260 §6.9), I-DATA ones per message (RFC 8260 §2.2.2).
 *
 * Runs are found by the positions at their two ends, so that a fragment costs O(1) whatever the order of arrival.
 */
export class FragmentStore {
  octets = 0;
  count = 0;
  private readonly byHead = new Map<string, Run>();
  private readonly byTail = new Map<string, Run>();
  /** In the order in which they began to wait. */
  private readonly runs = new Set<Run>();

  /** Adds a fragment; answers the run that it completes, which is then forgotten, or undefined while something is missing. */
  add(space: string, fragment: Fragment, micros: number): Run | undefined {
    const at = fragment.position;
    let run: Run = { space, micros, head: fragment, tail: fragment, count: 1, octets: fragment.bytes.length };
    this.octets += fragment.bytes.length;
    this.count++;
    const before = fragment.first ? undefined : this.byTail.get(`${space}${(at - 1) >>> 0}`);
    if (before !== undefined && !before.tail.last) {
      this.take(before);
      run = join(before, run);
    }
    const after = fragment.last ? undefined : this.byHead.get(`${space}${(at + 1) >>> 0}`);
    if (after !== undefined && !after.head.first) {
      this.take(after);
      run = join(run, after);
    }
    if (run.head.first && run.tail.last) {
      this.octets -= run.octets;
      this.count -= run.count;
      return run;
    }
    this.byHead.set(`${space}${run.head.position}`, run);
    this.byTail.set(`${space}${run.tail.position}`, run);
    this.runs.add(run);
    return undefined;
  }

  /** The run that has waited longest (a run that grew is as old as its last growth, at most). */
  oldest(): Run | undefined {
    return this.runs.values().next().value;
  }

  /** Gives up a run. */
  drop(run: Run): void {
    this.take(run);
    this.octets -= run.octets;
    this.count -= run.count;
  }

  private take(run: Run): void {
    const head = `${run.space}${run.head.position}`;
    const tail = `${run.space}${run.tail.position}`;
    if (this.byHead.get(head) === run) this.byHead.delete(head);
    if (this.byTail.get(tail) === run) this.byTail.delete(tail);
    this.runs.delete(run);
  }
}

function join(a: Run, b: Run): Run {
  a.tail.next = b.head;
  return {
    space: a.space,
    micros: Math.min(a.micros, b.micros),
    head: a.head,
    tail: b.tail,
    count: a.count + b.count,
    octets: a.octets + b.octets,
  };
}

/** Fragments remembered a direction after their message was joined, for a second version of one of them. */
const LATE_FRAGMENTS = 64;

/** The fragments of one direction that came last, joined or not. */
export class LateFragments {
  private readonly entries: { readonly space: string; readonly fragment: Fragment }[] = [];
  private at = 0;

  add(space: string, fragment: Fragment): void {
    this.entries[this.at] = { space, fragment };
    this.at = (this.at + 1) % LATE_FRAGMENTS;
  }

  /** The whole message around a fragment, each place with the octets that came for it last; undefined where a place is empty. */
  around(space: string, middle: Fragment): readonly Fragment[] | undefined {
    const run = [middle];
    for (let head = middle; !head.first;) {
      const before = this.newest(space, (head.position - 1) >>> 0);
      if (before === undefined || before.last || run.length >= LATE_FRAGMENTS) return undefined;
      run.unshift(before);
      head = before;
    }
    for (let tail = middle; !tail.last;) {
      const after = this.newest(space, (tail.position + 1) >>> 0);
      if (after === undefined || after.first || run.length >= LATE_FRAGMENTS) return undefined;
      run.push(after);
      tail = after;
    }
    return run;
  }

  private newest(space: string, position: number): Fragment | undefined {
    for (let i = 1; i <= LATE_FRAGMENTS; i++) {
      const entry = this.entries[(this.at - i + LATE_FRAGMENTS) % LATE_FRAGMENTS];
      if (entry !== undefined && entry.fragment.position === position && entry.space === space) return entry.fragment;
    }
    return undefined;
  }
}
