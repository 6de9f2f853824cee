import type { ObservedMessage } from "#model/message.ts";

/**
 * Requests that wait for their answer, by whatever the protocol pairs them with. Two generations instead of time stamps:
 * when the younger is full, the older (and with it what never was answered) is forgotten in one step.
 */
export const MAX_OPEN_REQUESTS = 16_384;

export class Exchanges {
  private younger = new Map<string, ObservedMessage>();
  private older = new Map<string, ObservedMessage>();

  ask(key: string, request: ObservedMessage): void {
    if (this.younger.size >= MAX_OPEN_REQUESTS) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(key, request);
  }

  /** The request with this key; it stays open, since an answer may be seen at several points. */
  answer(key: string): ObservedMessage | undefined {
    return this.younger.get(key) ?? this.older.get(key);
  }
}
