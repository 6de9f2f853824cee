/** A point as the tap map describes it. */
export interface PointInfo {
  readonly index: number;
  readonly capture: number;
  /** Shown name: the declared interface, else the interface name or the file's base name. */
  readonly name: string;
  /** Declared reference point or network (`S1`, `SGi`, `OAM`, …), undefined where the declaration does not say. */
  readonly interface: string | undefined;
  readonly complete: boolean;
  /** Declared end of the link it taps (`spgw-1/eth2`), undefined where none is declared. */
  readonly link?: string | undefined;
  /** Drops, cut frames, damage: set when its capture has been read to the end. */
  lossy?: boolean;
  readonly firstMicros: number;
}
