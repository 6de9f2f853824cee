import type { ChannelObservation } from "#model/observation.ts";
import type { Sign } from "./sign.ts";

/**
 * Data in names (RFC 1035): many names below one domain, nearly each asked once, long, and dense in information, where the same asker's other names are short and
 * come back. Volume alone is no sign (a resolver has it), nor length (3GPP's names), nor density (a content network's): it takes all of them.
 */
export const nameSettings = {
  names: 20,
  octets: 1_200,
  /** Octets of labels below the domain, on average: a host's name has about ten. */
  mean: 32,
  /** Bits a symbol: English names have about 3.5 over many, but repeat; hexadecimal 4, base32 5. */
  entropyBits: 3.5,
  distinctShare: 0.8,
  /** How much longer than the asker's other names. */
  longer: 2,
  /** From how many the same signs are worth a look. */
  fewNames: 10,
  fewOctets: 400,
} as const;

export function namesSign(one: ChannelObservation): Sign | undefined {
  const { names, content } = one;
  if (one.place !== "dns-name" || names === undefined) return undefined;
  const mean = content.octets / content.distinct;
  const othersMean = names.otherDistinct === 0 ? 0 : names.otherOctets / names.otherDistinct;
  if (
    content.distinct < nameSettings.fewNames ||
    content.octets < nameSettings.fewOctets ||
    mean < nameSettings.mean ||
    mean < nameSettings.longer * othersMean
  )
    return undefined;
  if (names.entropy < nameSettings.entropyBits || content.distinct < nameSettings.distinctShare * content.compared) return undefined;
  return {
    place: `dns-name (${one.label ?? ""})`,
    source: one.source,
    destination: one.destination,
    points: [one.point],
    strong: content.distinct >= nameSettings.names && content.octets >= nameSettings.octets,
    what: `${content.distinct} DNS names below ${one.label ?? "one domain"}, hardly one asked twice, whose labels hold ${Math.round(mean)} dense octets each`,
    open: [{ explanation: "look-ups keyed by a hash (reputation, content networks)", because: "such names look as random as data do" }],
    excluded: [
      {
        explanation: "names asked on behalf of subscribers",
        because: "the asker is an element, and answers nobody's DNS questions itself",
      },
      { explanation: "reverse look-ups and 3GPP's own long names", because: "the domain is none of theirs" },
    ],
    layers: ["udp", "dns"],
    sources: ["RFC 1035 §2.3.4"],
    packets: one.packets,
    octets: content.octets + names.answerOctets,
    firstMicros: one.firstMicros,
    lastMicros: one.lastMicros,
    frames: [one.frames],
  };
}
