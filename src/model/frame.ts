/**
 * Frames as the capture stage hands them on: a block of bytes and typed arrays that say where each frame lies.
 * The block is reused: nothing may keep a view of it after the call that got the batch returns.
 */

/** Link types (LINKTYPE_ values of the tcpdump registry) that the packet decoder reads. */
export const LinkType = {
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  LOOP: 108,
  LINUX_SLL: 113,
  IPV4: 228,
  IPV6: 229,
  LINUX_SLL2: 276,
} as const;

/** A place where packets were seen: a capture file, or one interface of a pcapng file. */
export interface Point {
  /** Index in this run. */
  readonly index: number;
  /** Index of its capture in this run. */
  readonly capture: number;
  /** pcapng interface id (counted over all sections of the file), 0 for pcap. */
  readonly interfaceId: number;
  /** pcapng `if_name`, where given. */
  readonly interfaceName: string | undefined;
  readonly linkType: number;
  /** Octets; 0 means unlimited. */
  readonly snapLength: number;
}

/** `count` frames of one capture. Arrays may be longer than `count`. */
export interface FrameBatch {
  readonly bytes: Uint8Array;
  count: number;
  /** Offset of the frame's first octet in `bytes`. */
  readonly offset: Int32Array;
  /** Octets captured. */
  readonly captured: Int32Array;
  /** Octets on the wire. */
  readonly original: Int32Array;
  /** Whole seconds since the epoch. */
  readonly sec: Float64Array;
  readonly nsec: Int32Array;
  /** Index of the point in this run. */
  readonly point: Int32Array;
  /** 1-based frame number of the batch's first frame in its capture; the others follow on. */
  firstFrame: number;
}
