/**
 * Who is on the network: addresses with the roles that their own protocol behaviour shows (3GPP TS 23.401 §4.2, §4.4), and the
 * reference points seen between them. Roles come from what an address says or is asked, never from a port number alone.
 */
export const ELEMENT_LIMITS = { elements: 100_000, references: 400_000 } as const;

export interface RoleEvidence {
  /** `sent S1 Setup Request`, …: for the comments of a drafted declaration. */
  readonly because: string;
  count: number;
  readonly capture: number;
  readonly frame: number;
  /** Nobody but the element itself said so: it asked, and its question implies the role. */
  readonly ownWord: boolean;
}

export class Element {
  readonly address: string;
  readonly roles = new Map<string, RoleEvidence>();
  /** eNB name, Diameter identity, … as the element itself says. */
  readonly names = new Set<string>();
  constructor(address: string) {
    this.address = address;
  }
}

export interface Reference {
  readonly a: string;
  readonly b: string;
  readonly name: string;
  messages: number;
}

export class Elements {
  private readonly byAddress = new Map<string, Element>();
  /** By lower and higher address. */
  private readonly references = new Map<string, Map<string, Reference[]>>();
  /** The same lists by both addresses either way round: no message has to compare them. (One joined key would be a new text for every message.) */
  private readonly ways = new Map<string, Map<string, Reference[]>>();
  private referenceCount = 0;
  /** PLMNs that messages of the network itself name (S1 Setup, serving network), with how often. */
  readonly plmns = new Map<string, number>();

  role(address: string, role: string, because: string, capture: number, frame: number, ownWord = false): void {
    if (address === "" || address === "0.0.0.0") return;
    let element = this.byAddress.get(address);
    if (element === undefined) {
      if (this.byAddress.size >= ELEMENT_LIMITS.elements) return;
      element = new Element(address);
      this.byAddress.set(address, element);
    }
    const known = element.roles.get(role);
    if (known === undefined) element.roles.set(role, { because, count: 1, capture, frame, ownWord });
    else if (known.ownWord && !ownWord) element.roles.set(role, { because, count: known.count + 1, capture, frame, ownWord });
    else known.count++;
  }

  name(address: string, name: string): void {
    const element = this.byAddress.get(address);
    if (element !== undefined && element.names.size < 8) element.names.add(name);
  }

  /** Messages of reference point `name` between two addresses. */
  reference(a: string, b: string, name: string): void {
    const known = this.ways.get(a)?.get(b);
    if (known !== undefined) {
      for (const reference of known) {
        if (reference.name === name) {
          reference.messages++;
          return;
        }
      }
    }
    if (this.referenceCount >= ELEMENT_LIMITS.references) return;
    this.referenceCount++;
    const [low, high] = a < b ? [a, b] : [b, a];
    let peers = this.references.get(low);
    if (peers === undefined) this.references.set(low, (peers = new Map()));
    let between = peers.get(high);
    if (between === undefined) peers.set(high, (between = []));
    between.push({ a: low, b: high, name, messages: 1 });
    this.way(a, b, between);
    this.way(b, a, between);
  }

  private way(a: string, b: string, between: Reference[]): void {
    let peers = this.ways.get(a);
    if (peers === undefined) this.ways.set(a, (peers = new Map()));
    peers.set(b, between);
  }

  /** Whether the two exchanged messages of any reference point. */
  spokeTogether(a: string, b: string): boolean {
    return this.ways.get(a)?.get(b) !== undefined;
  }

  plmn(plmn: string): void {
    if (this.plmns.size < 4096 || this.plmns.has(plmn)) this.plmns.set(plmn, (this.plmns.get(plmn) ?? 0) + 1);
  }

  at(address: string): Element | undefined {
    return this.byAddress.get(address);
  }

  hasRole(address: string, role: string): boolean {
    return this.byAddress.get(address)?.roles.has(role) ?? false;
  }

  get all(): Iterable<Element> {
    return this.byAddress.values();
  }

  get allReferences(): Iterable<Reference> {
    return [...this.references.values()].flatMap((peers) => [...peers.values()].flat());
  }
}
