/**
 * Reads `findings.json` piece by piece. A country's case is longer than a JavaScript string may be (2^29 characters), so the file is walked
 * octet by octet, each finding is parsed alone and then let go; its place in the file is remembered, for the day somebody opens it.
 */
import { open, type FileHandle } from "node:fs/promises";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { limits } from "#serve/limits.ts";

export interface Place {
  readonly offset: number;
  readonly length: number;
}

const CHUNK = 4 * 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
/** Octets of findings.json around the findings (captures, coverage, …); a case with more is not opened. */
const MAX_REST = 64 * 1024 * 1024;

export class FindingsFileError extends Error {
  override readonly name = "FindingsFileError";
}

/** Calls `each` for every finding, in the file's order; answers the document without its findings. */
export async function readFindings(
  path: string,
  each: (finding: FindingRecord, place: Place) => void,
): Promise<Omit<FindingsDocument, "findings">> {
  const file = await open(path, "r");
  try {
    const walk = new Walk(each);
    const block = Buffer.allocUnsafe(CHUNK);
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(block, 0, CHUNK, position);
      if (bytesRead === 0) break;
      walk.feed(block.subarray(0, bytesRead), position);
      position += bytesRead;
    }
    return walk.end();
  } catch (error) {
    if (error instanceof SyntaxError) throw new FindingsFileError(`${path}: is not JSON (${error.message})`);
    throw error;
  } finally {
    await file.close();
  }
}

/** One finding, at its place. */
export async function readFindingAt(path: string, place: Place): Promise<FindingRecord> {
  const file: FileHandle = await open(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(place.length);
    const { bytesRead } = await file.read(bytes, 0, place.length, place.offset);
    return JSON.parse(bytes.toString("utf8", 0, bytesRead)) as FindingRecord;
  } finally {
    await file.close();
  }
}

const found = (index: number): number => (index < 0 ? Infinity : index);

class Walk {
  private readonly each: (finding: FindingRecord, place: Place) => void;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** A key of the outermost object is being read; and the last one read. */
  private key: number[] | undefined = undefined;
  private lastKey = "";
  private expectKey = false;
  private inFindings = false;
  private start = -1;
  /** Octets of the finding that earlier chunks held. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private readonly rest: Buffer[] = [];
  private restBytes = 0;

  constructor(each: (finding: FindingRecord, place: Place) => void) {
    this.each = each;
  }

  feed(chunk: Buffer, base: number): void {
    let restFrom = this.inFindings ? -1 : 0;
    let itemFrom = this.start >= 0 ? 0 : -1;
    /** The next backslash: looked for once, not once a string. */
    let slash = -1;
    for (let i = 0; i < chunk.length; i++) {
      if (this.inString) {
        if (this.escaped) {
          this.escaped = false;
          continue;
        }
        if (this.key === undefined) {
          // nothing in a string matters until its end
          const quote = chunk.indexOf(QUOTE, i);
          if (slash < i) slash = found(chunk.indexOf(BACKSLASH, i));
          if (slash < found(quote)) {
            i = slash;
            this.escaped = true;
            continue;
          }
          if (quote < 0) break;
          i = quote;
          this.inString = false;
          continue;
        }
        const octet = chunk[i] as number;
        if (octet === BACKSLASH) this.escaped = true;
        else if (octet === QUOTE) {
          this.inString = false;
          this.lastKey = Buffer.from(this.key).toString("utf8");
          this.key = undefined;
        } else if (this.key.length < 64) this.key.push(octet);
        continue;
      }
      switch (chunk[i]) {
        case QUOTE:
          this.inString = true;
          if (this.depth === 1 && this.expectKey) this.key = [];
          break;
        case OPEN_BRACE:
          this.depth++;
          if (this.depth === 1) this.expectKey = true;
          if (this.inFindings && this.depth === 3) {
            this.start = base + i;
            itemFrom = i;
          }
          break;
        case OPEN_BRACKET:
          this.depth++;
          if (this.depth === 2 && this.lastKey === "findings") {
            this.inFindings = true;
            this.keep(chunk.subarray(Math.max(0, restFrom), i + 1));
            restFrom = -1;
          }
          break;
        case CLOSE_BRACE:
          this.depth--;
          if (this.inFindings && this.depth === 2 && this.start >= 0) {
            this.finding(chunk.subarray(itemFrom, i + 1), base + i + 1);
            itemFrom = -1;
          }
          break;
        case CLOSE_BRACKET:
          this.depth--;
          if (this.inFindings && this.depth === 1) {
            this.inFindings = false;
            this.lastKey = "";
            restFrom = i;
          }
          break;
        case COLON:
          if (this.depth === 1) this.expectKey = false;
          break;
        case COMMA:
          if (this.depth === 1) {
            this.expectKey = true;
            this.lastKey = "";
          }
          break;
        default:
      }
    }
    if (this.inFindings) {
      if (itemFrom >= 0) {
        this.heldBytes += chunk.length - itemFrom;
        if (this.heldBytes > limits.findingBytes) throw new FindingsFileError("a finding is larger than this program writes");
        this.held.push(Buffer.from(chunk.subarray(itemFrom)));
      }
    } else if (restFrom >= 0) this.keep(chunk.subarray(restFrom));
  }

  end(): Omit<FindingsDocument, "findings"> {
    return JSON.parse(Buffer.concat(this.rest).toString("utf8")) as Omit<FindingsDocument, "findings">;
  }

  private keep(part: Buffer): void {
    this.restBytes += part.length;
    if (this.restBytes > MAX_REST) throw new FindingsFileError("what stands around the findings is larger than this program writes");
    this.rest.push(Buffer.from(part));
  }

  private finding(tail: Buffer, end: number): void {
    const bytes = this.held.length === 0 ? tail : Buffer.concat([...this.held, tail]);
    const place = { offset: this.start, length: end - this.start };
    this.held = [];
    this.heldBytes = 0;
    this.start = -1;
    this.each(JSON.parse(bytes.toString("utf8")) as FindingRecord, place);
  }
}
