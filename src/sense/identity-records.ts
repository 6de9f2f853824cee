/**
 * Lists of subscribers with places in the plain content of a conversation: files, log lines, database rows, charging records in text. Counted, never kept: hashes tell
 * identities apart, and nothing else of the content stays.
 *
 * An identity is fifteen digits on their own that begin like an IMSI of E.212 (mobile country code 2xx to 7xx); a place, within the same row, a cell or area by name
 * (`cell`, `ecgi`, `tac`, `lac`, `enb`, …) or in the usual form of a code behind a PLMN (`20801-0019b01`).
 *
 * In binary: charging records in BER, in GTP′ (3GPP TS 32.295), files (TS 32.297) or whatever else carries them, by their fields of TS 32.298 §5.2: `servedIMSI` ([3] of sessions, [1] of
 * mobility and SMS: eight octets of digits in TBCD with a filler), and behind it in the same record `userLocationInformation` [32] or the pair of `locationAreaCode` and
 * `cellIdentifier` ([6], [7]). Rows that databases send in text (PostgreSQL, MySQL) are text with lengths between.
 */
import { HashSet32, hashOf } from "#bytes/content-measure.ts";

export const RECORD_LIMITS = {
  /** Identities told apart in one direction of a conversation; past it they are no longer counted. */
  identities: 1_024,
  /** Payload octets looked through in one direction of a conversation; later ones are not. */
  octets: 262_144,
} as const;

const IMSI_DIGITS = 15;
/** Octets around an identity that count as its row. */
const ROW = 160;
/** Payloads at the beginning, and octets of each, in which a heading may name the columns. */
const HEADING_PAYLOADS = 16;
const HEADING_OCTETS = 512;
/** Context tags 1 and 3, primitive; octets of an IMSI in TBCD (TS 29.002 §17.7.8). */
const SERVED_IMSI: ReadonlySet<number> = new Set([0x81, 0x83]);
const IMSI_OCTETS = 8;
/** Octets of a record behind its IMSI in which its place is looked for: charging characteristics and lists of volumes come between. */
const RECORD = 700;
/** `userLocationInformation`: tag in two octets, then length: TAI and ECGI, CGI, SAI, RAI (TS 29.274 §8.21, TS 29.060 §7.7.51). */
const LOCATION_TAG = [0x9f, 0x20] as const;
const LOCATION_OCTETS = { least: 6, most: 40 } as const;
/** Words that go on as others do: `cellid`. */
const GOES_ON = 4;
const WORDS = ["cell", "ecgi", "eci", "cgi", "tac", "lac", "tai", "enb"].map((word) =>
  Uint8Array.from(word, (letter) => letter.charCodeAt(0)),
);

export class IdentityRecords {
  /** Made when the first is found: most conversations have none. */
  private placed: HashSet32 | undefined;
  private looked = 0;
  private payloads = 0;
  /** A heading named the columns: rows need not name them again. */
  private heading = false;

  /** Different identities that stood beside a place. */
  get identities(): number {
    return this.placed?.size ?? 0;
  }

  look(bytes: Uint8Array, start: number, end: number): void {
    if (this.looked >= RECORD_LIMITS.octets) return;
    this.looked += end - start;
    if (!this.heading && this.payloads++ < HEADING_PAYLOADS) this.heading = hasWord(bytes, start, Math.min(end, start + HEADING_OCTETS));
    for (let at = start; at < end; at++) {
      if (!isDigit(bytes[at] as number)) {
        if (SERVED_IMSI.has(bytes[at] as number) && isServedImsi(bytes, at, end) && hasPlace(bytes, at + 2 + IMSI_OCTETS, end))
          this.add(bytes, at + 2, at + 2 + IMSI_OCTETS);
        continue;
      }
      let stop = at;
      while (stop < end && isDigit(bytes[stop] as number)) stop++;
      if (
        stop - at === IMSI_DIGITS &&
        isMobile(bytes[at] as number) &&
        !isLetter(bytes, at - 1, start, end) &&
        !isLetter(bytes, stop, start, end)
      )
        this.identity(bytes, at, stop, start, end);
      at = stop;
    }
  }

  private identity(bytes: Uint8Array, at: number, stop: number, start: number, end: number): void {
    const from = Math.max(start, at - ROW);
    const to = Math.min(end, stop + ROW);
    this.heading ||= hasWord(bytes, from, to);
    if (this.heading || hasCode(bytes, stop, to)) this.add(bytes, at, stop);
  }

  private add(bytes: Uint8Array, at: number, stop: number): void {
    (this.placed ??= new HashSet32(RECORD_LIMITS.identities)).add(hashOf(bytes, at, stop));
  }
}

/** Tag, length 8, fifteen digits in TBCD, low nibble first, that begin like an IMSI, and the filler. */
function isServedImsi(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 + IMSI_OCTETS > end || bytes[at + 1] !== IMSI_OCTETS) return false;
  const from = at + 2;
  const first = (bytes[from] as number) & 15;
  if (first < 2 || first > 7 || (bytes[from + IMSI_OCTETS - 1] as number) >> 4 !== 15) return false;
  for (let i = 0; i < IMSI_DIGITS; i++) {
    const octet = bytes[from + (i >> 1)] as number;
    if ((i % 2 === 0 ? octet & 15 : octet >> 4) > 9) return false;
  }
  return true;
}

/** The record of which `at` lies behind the IMSI says where. The next IMSI is another record's. */
function hasPlace(bytes: Uint8Array, at: number, end: number): boolean {
  const to = Math.min(end, at + RECORD);
  for (let p = at; p + 3 < to; p++) {
    const octet = bytes[p] as number;
    if (octet === LOCATION_TAG[0] && bytes[p + 1] === LOCATION_TAG[1]) {
      const length = bytes[p + 2] as number;
      if (length >= LOCATION_OCTETS.least && length <= LOCATION_OCTETS.most) return true;
    }
    if (octet === 0x86 && bytes[p + 1] === 2 && bytes[p + 4] === 0x87 && bytes[p + 5] === 2) return true;
    if (SERVED_IMSI.has(octet) && isServedImsi(bytes, p, end)) return false;
  }
  return false;
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** First digit of a mobile country code (ITU-T E.212): 2 to 7. */
function isMobile(octet: number): boolean {
  return octet >= 0x32 && octet <= 0x37;
}

function isLetter(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  if (at < start || at >= end) return false;
  const lower = (bytes[at] as number) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function hasWord(bytes: Uint8Array, from: number, to: number): boolean {
  return WORDS.some((word) => {
    for (let at = from; at + word.length <= to; at++) {
      let i = 0;
      while (i < word.length && ((bytes[at + i] as number) | 0x20) === word[i]) i++;
      if (i !== word.length || isLetter(bytes, at - 1, from, to)) continue;
      if (i === GOES_ON || !isLetter(bytes, at + i, from, to)) return true;
    }
    return false;
  });
}

/** `MCC MNC - hexadecimal digits`: 5 or 6 digits, a hyphen or colon, 4 to 9 digits more. */
function hasCode(bytes: Uint8Array, from: number, to: number): boolean {
  let digits = 0;
  for (let at = from; at < to; at++) {
    const octet = bytes[at] as number;
    if (isDigit(octet)) {
      digits++;
      continue;
    }
    if ((digits === 5 || digits === 6) && (octet === 0x2d || octet === 0x3a)) {
      let hex = 0;
      while (at + 1 + hex < to && isHex(bytes[at + 1 + hex] as number)) hex++;
      if (hex >= 4 && hex <= 9) return true;
    }
    digits = 0;
  }
  return false;
}

function isHex(octet: number): boolean {
  const lower = octet | 0x20;
  return isDigit(octet) || (lower >= 0x61 && lower <= 0x66);
}
