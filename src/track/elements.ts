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
  private readonly references = new Map<string, Reference>();
  private readonly pairs = new Set<string>();
  /** PLMNs that messages of the network itself name (S1 Setup, serving network), with how often. */
  readonly plmns = new Map<string, number>();

  role(address: string, role: string, because: string, capture: number, frame: number): void {
    if (address === "" || address === "0.0.0.0") return;
    let element = this.byAddress.get(address);
    if (element === undefined) {
      if (this.byAddress.size >= ELEMENT_LIMITS.elements) return;
      element = new Element(address);
      this.byAddress.set(address, element);
    }
    const known = element.roles.get(role);
    if (known === undefined) element.roles.set(role, { because, count: 1, capture, frame });
    else known.count++;
  }

  name(address: string, name: string): void {
    const element = this.byAddress.get(address);
    if (element !== undefined && element.names.size < 8) element.names.add(name);
  }

  /** Messages of reference point `name` between two addresses. */
  reference(a: string, b: string, name: string): void {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = `${low} ${high} ${name}`;
    const known = this.references.get(key);
    if (known !== undefined) known.messages++;
    else if (this.references.size < ELEMENT_LIMITS.references) {
      this.references.set(key, { a: low, b: high, name, messages: 1 });
      this.pairs.add(`${low} ${high}`);
    }
  }

  /** Whether the two exchanged messages of any reference point. */
  spokeTogether(a: string, b: string): boolean {
    const [low, high] = a < b ? [a, b] : [b, a];
    return this.pairs.has(`${low} ${high}`);
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
    return this.references.values();
  }
}
