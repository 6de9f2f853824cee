/** Checksums of a whole packet whose payload was changed: IPv4 header, UDP, TCP, SCTP. */
import { onesComplement, Protocol } from "./ip.ts";
import { cat, type Octets, u16, u32, u8 } from "./octets.ts";
import { crc32c } from "./sctp.ts";

/** The packet (IPv4 without options, or IPv6 without extensions) with right checksums, written in place; fragments are left as they are. */
export function resummed(packet: Octets): Octets {
  const six = (packet[0] ?? 0) >> 4 === 6;
  const at = six ? 40 : 20;
  const protocol = packet[six ? 6 : 9] ?? 0;
  if (!six) {
    packet.set(u16(0), 10);
    packet.set(u16(onesComplement(packet.subarray(0, 20))), 10);
    if ((((packet[6] ?? 0) << 8) | (packet[7] ?? 0)) & 0x3fff) return packet;
  }
  const payload = packet.subarray(at);
  if (protocol === Protocol.SCTP) {
    payload.set(u32(0), 8);
    new DataView(payload.buffer, payload.byteOffset).setUint32(8, crc32c(payload), true);
  } else if (protocol === Protocol.TCP || protocol === Protocol.UDP) {
    const field = protocol === Protocol.TCP ? 16 : 6;
    payload.set(u16(0), field);
    const sum = onesComplement(pseudo(packet, six, protocol, payload.length), payload);
    payload.set(u16(sum === 0 && protocol === Protocol.UDP ? 0xffff : sum), field);
  }
  return packet;
}

function pseudo(packet: Octets, six: boolean, protocol: number, length: number): Octets {
  return six ? cat(packet.subarray(8, 40), u32(length), u32(protocol)) : cat(packet.subarray(12, 20), u8(0), u8(protocol), u16(length));
}
