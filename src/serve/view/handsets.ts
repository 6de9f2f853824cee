/** Device types, and which services are talked to by whom: subscribers' devices and network elements are two lists that never mix. */
import type { Handsets } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import type { DeviceServiceSum } from "#serve/cases/tables.ts";
import type { TacList } from "#serve/cases/tac-list.ts";

const MOST = 2000;

export function handsetsOf(of: OpenCase, tacs: TacList | null, cleared: boolean): Handsets {
  const tables = of.tablesFor(cleared);
  const named = tables.devices.filter((d) => d.tac !== null);
  const unnamed = tables.devices.filter((d) => d.tac === null).reduce((sum, d) => sum + d.devices, 0);
  const functions = new Set([
    ...tables.roles.map((r) => r.address),
    ...(of.lookup?.declaration.functions ?? []).flatMap((f) => f.addresses),
  ]);
  const services = servicesOf(tables.deviceServices, tacs);
  return {
    tacList: tacs?.name ?? null,
    subscribers: unnamed + named.reduce((sum, d) => sum + d.devices, 0),
    unnamed,
    types: named.slice(0, MOST).map(({ tac, devices }) => {
      const type = tacs?.find(tac as string);
      return { tac: tac as string, manufacturer: type?.manufacturer ?? null, model: type?.model ?? null, devices };
    }),
    services: services.slice(0, MOST),
    servicesMore: Math.max(0, services.length - MOST),
    servicesKept: !tables.missing.some((m) => m.startsWith("deviceServices: ") && m.includes("does not exist")),
    elements: tables.services
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

type Service = Handsets["services"][number];

/** One row a type and name, over all sources; types in the order of their flows, those without one last. */
function servicesOf(rows: readonly DeviceServiceSum[], tacs: TacList | null): Service[] {
  const made = new Map<string, Service>();
  const ofType = new Map<string | null, number>();
  for (const { tac, name, source, subscribers, flows } of rows) {
    if (source !== "tls" && source !== "dns" && source !== "quic") continue;
    const key = `${tac ?? ""} ${name ?? ""}`;
    const known = made.get(key);
    const type = tac === null ? undefined : tacs?.find(tac);
    made.set(key, {
      tac,
      manufacturer: type?.manufacturer ?? null,
      model: type?.model ?? null,
      name,
      sources: [...(known?.sources ?? []), source],
      subscribers: Math.max(known?.subscribers ?? 0, subscribers),
      flows: (known?.flows ?? 0) + flows,
    });
    ofType.set(tac, (ofType.get(tac) ?? 0) + flows);
  }
  const order = (s: Service): number => (s.tac === null ? -1 : (ofType.get(s.tac) ?? 0));
  return [...made.values()].sort((a, b) => order(b) - order(a) || compared(a.tac, b.tac) || b.flows - a.flows || compared(a.name, b.name));
}

function compared(a: string | null, b: string | null): number {
  return (a ?? "") < (b ?? "") ? -1 : (a ?? "") > (b ?? "") ? 1 : 0;
}
