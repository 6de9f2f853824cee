import { ContentMeasure, hashOf } from "#bytes/content-measure.ts";

/**
 * What ICMP echoes between two addresses carry (RFC 792, RFC 4443 §4). Ping programs fill them with a time stamp and a pattern: counting octets, one octet, a
 * short sequence over and over, the alphabet; or with the same octets each time. What is none of these and new each time is content.
 */

/** Octets at the beginning that ordinary programs change each time: time stamps of 8 or 16 octets, a counter beside them. */
const VARYING = 24;
/** Shorter contents are not even measured. */
const BRIEF = 8;
/** Octets behind those in which two echoes of one program may still differ. */
const TOLERATED = 8;
/** Longest sequence that counts as a pattern when repeated; the alphabet of Windows has 23 letters. */
const LONGEST_PERIOD = 32;
/** Requests whose content is remembered for the answer. */
const REMEMBERED = 16;
/** Octets of the last request that are kept to compare the next one with. */
const KEPT = 2048;

export class EchoMeasure {
  requests = 0;
  replies = 0;
  /** Replies that do not return what the request held. */
  altered = 0;
  readonly fresh: ContentMeasure = new ContentMeasure();
  /** The same contents, with the octets at their beginning in which others have a time stamp; and contents that are too short for anything else. */
  readonly whole: ContentMeasure = new ContentMeasure();
  readonly returned: ContentMeasure = new ContentMeasure();
  /** Side (0 or 1) whose requests carried content. */
  freshSide = 0;
  alteredSide = 0;

  private readonly last: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  private readonly lastLength = [-1, -1];
  private readonly keys = new Float64Array(REMEMBERED).fill(-1);
  private readonly hashes = new Uint32Array(REMEMBERED);
  private readonly lengths = new Int32Array(REMEMBERED);
  private next = 0;

  /** Data of a request that `side` sent; `key`: identifier and sequence number. True where it is content. */
  request(bytes: Uint8Array, start: number, end: number, side: number, key: number): boolean {
    this.requests++;
    this.keys[this.next] = key * 2 + side;
    this.hashes[this.next] = hashOf(bytes, start, end);
    this.lengths[this.next] = end - start;
    this.next = (this.next + 1) % REMEMBERED;
    const from = bodyStart(start, end);
    const brief = from === end && end - start >= BRIEF;
    const content = end > from && !this.repeats(bytes, start, end, side) && !isPattern(bytes, from, end);
    this.keep(bytes, start, end, side);
    if (!content && !brief) return false;
    this.whole.add(bytes, start, end);
    this.freshSide = side;
    if (brief) return true;
    this.fresh.add(bytes, from, end);
    return true;
  }

  /** Data of a reply that `side` sent. True where it is not what was asked. */
  reply(bytes: Uint8Array, start: number, end: number, side: number, key: number): boolean {
    this.replies++;
    const wanted = key * 2 + (1 - side);
    const at = this.keys.indexOf(wanted);
    // A reply may be cut short by the host that answers; one that says something else, or more, answers nothing.
    if (at < 0 || end - start < (this.lengths[at] as number) || this.hashes[at] === hashOf(bytes, start, end)) return false;
    this.altered++;
    this.returned.add(bytes, start, end);
    this.alteredSide = side;
    return true;
  }

  private repeats(bytes: Uint8Array, start: number, end: number, side: number): boolean {
    const last = this.last[side as 0 | 1];
    const length = end - start;
    if (this.lastLength[side] === -1) return true;
    // Another length is another setting of the program; what both have in common is compared.
    const compared = Math.min(length, last.length);
    let changed = 0;
    for (let i = Math.min(VARYING, bodyStart(0, length)); i < compared; i++) if (bytes[start + i] !== last[i]) changed++;
    return changed <= TOLERATED;
  }

  private keep(bytes: Uint8Array, start: number, end: number, side: number): void {
    const length = Math.min(end - start, KEPT);
    let last = this.last[side as 0 | 1];
    if (last.length !== length) this.last[side as 0 | 1] = last = new Uint8Array(length);
    for (let i = 0; i < length; i++) last[i] = bytes[start + i] as number;
    this.lastLength[side] = end - start;
  }
}

/** Short echoes are a time stamp and nothing else. */
function bodyStart(start: number, end: number): number {
  return end - start > 2 * VARYING ? start + VARYING : Math.min(end, start + 16);
}

/** Octets that follow from those before them: equal steps, or a short sequence repeated. A few strays (a mark, a counter) are allowed. */
export function isPattern(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 4) return true;
  const allowed = Math.floor(length / 16);
  const step = ((bytes[end - 1] as number) - (bytes[end - 2] as number)) & 0xff;
  let strays = 0;
  for (let i = start + 1; i < end && strays <= allowed + 1; i++) {
    if ((((bytes[i] as number) - (bytes[i - 1] as number)) & 0xff) !== step) strays++;
  }
  if (strays <= allowed + 1) return true;
  for (let period = 2; period <= LONGEST_PERIOD && period * 2 <= length; period++) {
    let wrong = 0;
    for (let i = start + period; i < end && wrong <= allowed; i++) if (bytes[i] !== bytes[i - period]) wrong++;
    if (wrong <= allowed) return true;
  }
  return false;
}
