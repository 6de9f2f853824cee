import { decodeGtpPrime, gtpPrimeLength, STREAM_LIMIT } from "#decode/gtp-prime/decode.ts";
import { MessageFramer } from "#decode/tcp/framer.ts";
import type { StreamConsumer } from "#decode/tcp/reassembler.ts";
import { framesOf } from "#model/sighting.ts";
import type { StreamHost } from "./tcp-stream.ts";
import type { Ends } from "./where.ts";

/** One direction of a TCP connection on the port of charging (TS 32.295 §6.1.1). */
export function gtpPrimeStream(host: StreamHost, ends: Ends): StreamConsumer {
  let seenAny = false;
  return new MessageFramer(
    { length: gtpPrimeLength, limit: STREAM_LIMIT },
    {
      message(bytes, start, end, octets, frames, last): void {
        seenAny = true;
        const { messages, faults } = decodeGtpPrime(bytes, start, end, octets - (end - start));
        for (const message of messages) host.emit(message, ends, last, frames, octets > end - start);
        for (const fault of faults) host.fault(fault, ends, last, frames);
      },
      lost(octets, seen): boolean {
        // A port starts a parse; where nothing confirmed it, the stream is something else.
        if (!seenAny) return false;
        host.fault({ layer: "gtp-prime", code: "value", field: "header", offset: 0, needed: -1, had: octets }, ends, seen, framesOf(seen));
        return true;
      },
    },
    host.budget,
  );
}
