import type { ChannelObservation } from "#model/observation.ts";
import { state } from "#model/statement.ts";
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
    what: state("channel.names", {
      names: content.distinct,
      domain: one.label ?? state("channel.one-domain"),
      octets: Math.round(mean),
    }),
    open: [{ explanation: state("explanation.hash-look-ups"), because: state("channel.names-look-random") }],
    excluded: [
      {
        explanation: state("explanation.names-for-subscribers"),
        because: state("channel.asker-answers-nobody"),
      },
      { explanation: state("explanation.long-names"), because: state("channel.domain-not-theirs") },
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
