/**
 * What a point may be told by whoever joins signalling, so that it need not keep what nobody will ask for. Advice saves work and memory: frames of a
 * tunnel in order are not listed, packets of a subscriber are not followed as the network's own. `NO_ADVICE` is what a point has that hears no signalling.
 */

/** An end that signalling names. */
export interface AdvisedEnd {
  /** Undefined while the tunnel is up. */
  readonly releasedMicros: number | undefined;
  /** Its place among `Advice.marks`. */
  readonly mark: number;
}

/** One number an end, which changes whenever the end goes down or is forgotten: a packet of a tunnel in order compares two integers. */
export interface AdvisedMarks {
  readonly values: Int32Array;
  /** Says that something was named since: who settled for having no end asks again. */
  news(): void;
  /** False for an end that was forgotten or replaced. */
  owns(end: AdvisedEnd): boolean;
}

export interface AdvisedEnds {
  /** Changes whenever what was asked in vain may be asked again. */
  readonly version: number;
  readonly marks: AdvisedMarks;
  /** `source`: who uses it; undefined also where signalling names others for that session. */
  find(address: string, teid: number, source: string): AdvisedEnd | undefined;
  /** The set-up of an association at one of the two was seen: their tunnels are announced. */
  announces(a: string, b: string): boolean;
}

/** Whose traffic a packet is, where signalling has said so. */
export interface Advice {
  readonly tunnelEnds: AdvisedEnds;
  readonly subscribers: {
    /** The IPv4 address (32 bits, unsigned) was given to a subscriber. */
    isUserIpv4(address: number): boolean;
    /** The first 64 bits (two words) of an IPv6 address are those of one that was given to a subscriber. */
    isUserIpv6(high: number, low: number): boolean;
    /** Addresses that passed from one subscriber to another, in order; it only grows. */
    readonly passed: readonly string[];
  };
}

export const NO_ADVICE: Advice = {
  tunnelEnds: {
    version: 0,
    marks: { values: Int32Array.of(1), news: () => undefined, owns: () => false },
    find: () => undefined,
    announces: () => false,
  },
  subscribers: { isUserIpv4: () => false, isUserIpv6: () => false, passed: [] },
};
