import { decodeCapture } from "#cli/decode.ts";
import { openCapture } from "#capture/open.ts";
import { contradictsDatagram, ControlStack, flatten } from "#decode/stack.ts";
import type { DecodedMessage } from "#model/message.ts";
import { type Summary, SummaryBuilder } from "./summary.ts";

/** Our own reading of a capture. */
export async function ourSummary(path: string): Promise<{ readonly summary: Summary; readonly stack: ControlStack }> {
  const builder = new SummaryBuilder();
  const stack = new ControlStack(
    {
      message: ({ message, origin }) => {
        if (contradictsDatagram(message)) return;
        for (const m of flatten(message)) note(builder, m, origin.frame);
      },
      fault: () => undefined,
    },
    { asReceived: false },
  );
  const reader = await openCapture(path, { hash: false });
  await decodeCapture(reader, stack);
  await reader.close();
  stack.flush();
  return { summary: builder.build(), stack };
}

function note(builder: SummaryBuilder, m: DecodedMessage, frame: number): void {
  const request = m.request === undefined ? undefined : m.request ? "request" : "answer";
  builder.message(frame, m.protocol, [m.ciphered === true && m.type === undefined ? "ciphered" : m.type, m.kind, request, m.application]);
  for (const kind of ["imsi", "msisdn", "imei", "ueAddresses", "apn"] as const) {
    for (const value of m[kind]) builder.value(m.protocol, kind, value);
  }
  for (const end of m.teids) builder.value(m.protocol, "teids", `0x${end.teid.toString(16).padStart(8, "0")}@${end.address}`);
}
