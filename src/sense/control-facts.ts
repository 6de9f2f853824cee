import type { Fact } from "#model/fact.ts";
import type { Fault } from "#model/fault.ts";
import type { MessageOrigin, MessageSink, ObservedMessage, StrayContent } from "#model/message.ts";
import type { ChannelWatch } from "./channels/watch.ts";

/** What the control stack reads, as facts; octets that belong to no message go to the measures of channels. */
export class ControlFacts implements MessageSink {
  private readonly channels: ChannelWatch;
  private readonly tell: (fact: Fact) => void;

  constructor(channels: ChannelWatch, tell: (fact: Fact) => void) {
    this.channels = channels;
    this.tell = tell;
  }

  message(observed: ObservedMessage): void {
    this.tell({ kind: "message", observed });
  }

  fault(fault: Fault, origin: MessageOrigin): void {
    this.tell({ kind: "fault", fault, origin });
  }

  stray(content: StrayContent): void {
    this.channels.strayContent(content);
  }

  missing(change: number, origin: MessageOrigin): void {
    this.tell({ kind: "missing", change, origin });
  }
}
