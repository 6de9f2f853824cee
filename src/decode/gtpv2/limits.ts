/** Limits against hostile nesting and counts (docs/limits.md). */
export const limits = {
  /** Grouped IEs inside one another; the specification needs three (PDN Connection, Bearer Context, F-TEID). */
  depth: 6,
  /** Elements of one message; a relocation with eleven bearers has below three hundred. */
  elements: 4096,
  /** Octets of a digit string that are read: identities have at most eight. */
  digitOctets: 16,
  /** Octets of a node name that are read. */
  nameOctets: 255,
};
