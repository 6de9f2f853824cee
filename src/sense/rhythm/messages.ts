/**
 * One direction of a TCP stream as messages: where TLS records can be read they are the messages (RFC 8446 §5.1: type 1, version 2, length 2, in
 * clear although their content is not). Else nobody can say where a message ends, and there are two readings: each segment is one, or a run of full
 * segments up to the first shorter one, or to a pause.
 */
const PAUSE_MICROS = 3000;
const HEADER = 5;
/** RFC 8446 §5.2: at most 2^14 + 256 octets of content in a record. */
const LONGEST_RECORD = 16_640;

/** How a message was told from the next one. */
export const Reading = { MESSAGE: 0, SEGMENT: 1 } as const;

type Tell = (micros: number, size: number, frame: number, reading: number) => void;

export class MessageReader {
  private mode: "unknown" | "records" | "segments" = "unknown";
  /** Octets of the record at hand still to come; header octets gathered so far. */
  private left = 0;
  private readonly header = new Uint8Array(HEADER);
  private have = 0;
  private began = 0;
  private beganFrame = 0;

  private octets = 0;
  private last = 0;
  private lastMicros = 0;
  private longest = 0;

  /** The next octets; `tell` gets each message that begins (records) or ended (segments) there. */
  data(bytes: Uint8Array, start: number, end: number, micros: number, frame: number, tell: Tell): void {
    if (this.mode === "unknown") this.mode = looksLikeRecord(bytes, start, end) ? "records" : "segments";
    if (this.mode === "segments") {
      this.segment(end - start, micros, frame, tell);
      return;
    }
    let at = start;
    while (at < end) {
      if (this.left > 0) {
        const take = Math.min(this.left, end - at);
        this.left -= take;
        at += take;
        continue;
      }
      if (this.have === 0) {
        this.began = micros;
        this.beganFrame = frame;
      }
      this.header[this.have++] = bytes[at++] as number;
      if (this.have < HEADER) continue;
      this.have = 0;
      const size = ((this.header[3] as number) << 8) | (this.header[4] as number);
      if (!looksLikeRecord(this.header, 0, HEADER)) {
        this.mode = "segments";
        this.segment(end - at, micros, frame, tell);
        return;
      }
      this.left = size;
      // Application data only: a handshake says nothing about what is carried.
      if (this.header[0] === 23) tell(this.began, size, this.beganFrame, Reading.MESSAGE);
    }
  }

  gap(): void {
    this.mode = "segments";
    this.octets = 0;
  }

  end(tell: Tell): void {
    if (this.octets > 0) tell(this.began, this.octets, this.beganFrame, Reading.MESSAGE);
    this.octets = 0;
  }

  private segment(size: number, micros: number, frame: number, tell: Tell): void {
    if (size <= 0) return;
    tell(micros, size, frame, Reading.SEGMENT);
    if (this.octets > 0 && (micros - this.lastMicros > PAUSE_MICROS || this.last < this.longest)) this.end(tell);
    if (this.octets === 0) {
      this.began = micros;
      this.beganFrame = frame;
    }
    this.octets += size;
    this.last = size;
    this.lastMicros = micros;
    if (size > this.longest) this.longest = size;
  }
}

function looksLikeRecord(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER) return false;
  const type = bytes[start] as number;
  const size = ((bytes[start + 3] as number) << 8) | (bytes[start + 4] as number);
  return type >= 20 && type <= 24 && bytes[start + 1] === 3 && (bytes[start + 2] as number) <= 4 && size <= LONGEST_RECORD;
}
