/** Device types, and which services are talked to by whom: subscribers' devices and network elements are two lists that never mix. */
import type { Handsets } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import type { TacList } from "#serve/cases/tac-list.ts";

const MOST = 2000;

export function handsetsOf(of: OpenCase, tacs: TacList | null): Handsets {
  const named = of.tables.devices.filter((d) => d.tac !== null);
  const unnamed = of.tables.devices.filter((d) => d.tac === null).reduce((sum, d) => sum + d.devices, 0);
  const functions = new Set([
    ...of.tables.roles.map((r) => r.address),
    ...(of.lookup?.declaration.functions ?? []).flatMap((f) => f.addresses),
  ]);
  return {
    tacList: tacs?.name ?? null,
    subscribers: unnamed + named.reduce((sum, d) => sum + d.devices, 0),
    unnamed,
    types: named.slice(0, MOST).map(({ tac, devices }) => {
      const type = tacs?.find(tac as string);
      return { tac: tac as string, manufacturer: type?.manufacturer ?? null, model: type?.model ?? null, devices, services: [] };
    }),
    services: [],
    servicesWhy: "A case does not hold what subscribers' own devices talk to: server names of their traffic are not kept yet.",
    elements: of.tables.services
      // who serves is no client: only names that a function of the network asked for
      .filter((s) => functions.has(s.initiator))
      .slice(0, MOST)
      .map((s) => ({
        element: of.lookup?.nameOf(s.initiator) ?? s.initiator,
        name: s.name,
        protocol: s.application ?? "",
        address: s.responder,
        declared: s.explained,
        flows: s.flows,
        packets: s.packets,
        bytes: s.bytes,
      })),
  };
}
