/** Server-sent events: what changed, so that a page reads it again. One hub; each stream is a page. */
import type { ServerResponse } from "node:http";
import type { ServerEvent } from "./api/types.ts";
import { limits } from "./limits.ts";

const KEEP_ALIVE_MS = 25_000;
/** Octets that wait for a page that does not read; past it the stream is closed. */
const MAX_WAITING = 1024 * 1024;

export class EventHub {
  /** Pages that listen, whose they are, and whether they may hear of interception. */
  private readonly streams = new Map<ServerResponse, { readonly cleared: boolean; readonly account: string }>();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => this.write(": still here\n\n"), KEEP_ALIVE_MS);
    this.timer.unref();
  }

  /** False where too many listen already. */
  add(stream: ServerResponse, first: ServerEvent, account: string, cleared: boolean): boolean {
    const own = [...this.streams.values()].filter((s) => s.account === account).length;
    if (this.streams.size >= limits.eventStreams || own >= limits.eventStreamsOfOne) return false;
    this.streams.set(stream, { cleared, account });
    stream.on("close", () => this.streams.delete(stream));
    stream.write(text(first));
    return true;
  }

  /** `clearedOnly`: that this happened, and when, is for those alone who may see interception. */
  tell(event: ServerEvent, clearedOnly = false): void {
    this.write(text(event), clearedOnly);
  }

  close(): void {
    clearInterval(this.timer);
    for (const stream of this.streams.keys()) stream.end();
    this.streams.clear();
  }

  private write(data: string, clearedOnly = false): void {
    for (const [stream, { cleared }] of this.streams) {
      if (clearedOnly && !cleared) continue;
      if (stream.writableLength > MAX_WAITING) {
        this.streams.delete(stream);
        stream.destroy();
      } else stream.write(data);
    }
  }
}

/** JSON has no line breaks, so one `data` line holds it. */
function text(event: ServerEvent): string {
  return `event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
