import type { DeclarationLookup } from "#declaration/lookup.ts";
import { isOf, LAWFUL_ADMINISTRATION, LAWFUL_MEDIATION, LAWFUL_MONITORING, type RoleGroup } from "#declaration/role-groups.ts";

/** Who may take part in lawful interception, by the declaration. Without one nobody is known to, and nobody known not to. */
export class InterceptionParties {
  readonly declaration: DeclarationLookup | null;
  /** Country codes that the declaration allows, upper case; empty where it names none. */
  readonly countries: ReadonlySet<string>;

  constructor(declaration: DeclarationLookup | null) {
    this.declaration = declaration;
    const d = declaration?.declaration;
    const own = d?.network.country ?? null;
    this.countries = new Set([...(own === null ? [] : [own]), ...(d?.lawful.countries ?? [])].map((c) => c.toUpperCase()));
  }

  administers(address: string): boolean {
    return this.lawful(address, ["administration"]) || this.hasRole(address, LAWFUL_ADMINISTRATION);
  }

  /** Delivery functions, and gateways and providers that the declaration lists as such. */
  mediates(address: string): boolean {
    return this.lawful(address, ["mediation", "gateways", "providers"]) || this.hasRole(address, LAWFUL_MEDIATION);
  }

  monitors(address: string): boolean {
    return this.lawful(address, ["monitoring", "location"]) || this.hasRole(address, LAWFUL_MONITORING);
  }

  /** May get product of interception at all. */
  mayReceive(address: string): boolean {
    return this.mediates(address) || this.monitors(address);
  }

  /** May deliver product: an element of the network, or a function that mediates. */
  mayDeliver(address: string): boolean {
    const d = this.declaration;
    if (d === null) return true;
    return (
      d.functionAt(address) !== undefined ||
      d.hostAt(address) !== undefined ||
      d.lawfulRole(address) !== undefined ||
      d.groups.text(address).length > 0
    );
  }

  /** May give tasks: the administration, or an element that triggers another (LI_T2, LI_T3 of TS 33.127 §6.2.3). */
  mayTask(address: string): boolean {
    const d = this.declaration;
    return d === null || this.administers(address) || this.mediates(address) || d.functionAt(address) !== undefined;
  }

  private lawful(address: string, roles: readonly string[]): boolean {
    return this.declaration?.lawful.text(address).some((r) => roles.includes(r)) === true;
  }

  private hasRole(address: string, group: RoleGroup): boolean {
    return this.declaration?.functions.text(address).some((f) => isOf(f.roles, group)) === true;
  }
}
