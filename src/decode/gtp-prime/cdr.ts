// Whose call data record it is: 3GPP TS 32.298 §5.2 (GPRSRecord, BER). Nothing else of a record is kept.
import { childrenOf, contextTag, isValue, readBer } from "#decode/ber/cursor.ts";
import { berInteger } from "#decode/ber/values.ts";
import { appendText } from "#decode/digits/identities.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { Draft } from "./elements.ts";

/** Context tags of the served identities, by record type (`recordType`, tag 0). */
interface Served {
  readonly imsi: number;
  readonly imei: number;
  readonly msisdn: number | undefined;
}
const SESSION: Served = { imsi: 3, imei: 29, msisdn: 22 };
const SGSN_PDP: Served = { imsi: 3, imei: 4, msisdn: undefined };
const SGSN_MOBILITY: Served = { imsi: 1, imei: 2, msisdn: undefined };
const SGSN_SMS: Served = { imsi: 1, imei: 2, msisdn: 3 };
const SERVED: Readonly<Record<number, Served>> = {
  18: SGSN_PDP,
  19: SESSION, // GGSN
  20: SGSN_MOBILITY,
  21: SGSN_SMS,
  22: SGSN_SMS,
  70: SESSION, // eGSN
  84: SESSION, // SGW
  85: SESSION, // PGW
  96: SESSION, // ePDG
  97: SESSION, // TWAG
};

const BER_FORMAT = 1;
const PACKET_HEADER = 4;

/** Records of one Data Record Packet that are looked into. */
const MAX_RECORDS = 256;
/** Octets of an identity in a record: an IMSI, MSISDN or IMEI has 8 or 9; a longer one is not read. */
const MAX_DIGIT_OCTETS = 16;

/**
 * Data Record Packet, TS 32.295 §6.2.4.5.3. Layout: number of records 1, format 1 (1 is BER), format version 2,
 * { length 2, record } … Records of another format or encoding give nothing.
 */
export function readServedIdentities(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  if (end - start < PACKET_HEADER || bytes[start + 1] !== BER_FORMAT) return;
  let at = start + PACKET_HEADER;
  for (let count = 0; count < MAX_RECORDS && at + 2 <= end; count++) {
    const recordEnd = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
    if (recordEnd > end) return;
    readRecord(message, at + 2, recordEnd);
    at = recordEnd;
  }
}

function readRecord(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  const record = readBer(bytes, start, end);
  if (!isValue(record) || !record.value.constructed) return;
  const { values } = childrenOf(bytes, record.value.content, record.value.contentEnd);
  const recordType = contextTag(values, 0);
  if (recordType === undefined) return;
  const served = SERVED[berInteger(bytes, recordType.content, recordType.contentEnd) ?? -1];
  if (served === undefined) return;
  const digits = (tag: number | undefined, lead: number): string => {
    const value = tag === undefined ? undefined : contextTag(values, tag);
    if (value === undefined || value.constructed) return "";
    return readTbcd(bytes, value.content + lead, Math.min(value.contentEnd, value.content + MAX_DIGIT_OCTETS));
  };
  message.imsi = appendText(message.imsi, digits(served.imsi, 0));
  message.imei = appendText(message.imei, digits(served.imei, 0));
  // An ISDN-AddressString: nature and plan of the number come first.
  message.msisdn = appendText(message.msisdn, digits(served.msisdn, 1));
}
