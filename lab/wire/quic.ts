/** QUIC Initial packets of a client (RFC 9000 §17.2.2, RFC 9001 §5, RFC 9369 §3), around the example of RFC 9001, appendix A.2. */
import { createCipheriv, createHmac } from "node:crypto";
import { cat, hex, text, u16, u8, zeros, type Octets } from "./octets.ts";

const DCID = hex("8394c8f03e515708");
/** Header before protection; the packet number takes its last four octets. */
const HEADER = hex("c300000001088394c8f03e5157080000449e00000002");
const PAYLOAD = 1162;

/** The example's CRYPTO frame: a ClientHello for example.com. */
export const A2_CRYPTO: Octets = hex(
  "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578" +
    "616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa47fba" +
    "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c0002400100" +
    "3900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff",
);

/** CRYPTO frame of octets `from` to `to` of that ClientHello. */
export function cryptoPiece(from: number, to: number): Octets {
  return cat(u8(6), u16(0x4000 | from), u16(0x4000 | (to - from)), A2_CRYPTO.subarray(4 + from, 4 + to));
}

const VERSIONS = {
  quic: { first: 0xc3, number: 0x00000001, salt: hex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a") },
  quicv2: { first: 0xd3, number: 0x6b3343cf, salt: hex("0dede3def700a6db819381be6e269dcbf9bd2ed9") },
} as const;

function derived(secret: Octets, label: string, octets: number): Buffer {
  const name = text(`tls13 ${label}`);
  const info = cat(u16(octets), u8(name.length), name, u8(0), u8(1));
  return createHmac("sha256", secret).update(info).digest().subarray(0, octets);
}

/** The client's Initial packet with these frames, padded to 1,200 octets. */
export function quicInitial(frames: Octets, number: number, version: keyof typeof VERSIONS = "quic"): Octets {
  const { first, number: versionNumber, salt } = VERSIONS[version];
  const secret = derived(createHmac("sha256", salt).update(DCID).digest(), "client in", 32);
  const [key, iv, hp] = [derived(secret, `${version} key`, 16), derived(secret, `${version} iv`, 12), derived(secret, `${version} hp`, 16)];
  const header = Buffer.from(HEADER);
  header[0] = first;
  header.writeUInt32BE(versionNumber, 1);
  header.writeUInt32BE(number, HEADER.length - 4);
  iv.writeUInt32BE((iv.readUInt32BE(8) ^ number) >>> 0, 8);
  const cipher = createCipheriv("aes-128-gcm", key, iv);
  cipher.setAAD(header);
  const sealed = cat(cipher.update(cat(frames, zeros(PAYLOAD - frames.length))), cipher.final(), cipher.getAuthTag());
  const mask = createCipheriv("aes-128-ecb", hp, null).update(sealed.subarray(0, 16));
  header[0] = first ^ (mask.readUInt8(0) & 0x0f);
  header.writeUInt32BE((number ^ mask.readUInt32BE(1)) >>> 0, HEADER.length - 4);
  return cat(header, sealed);
}
