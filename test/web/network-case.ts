/** Operators' networks of 5 to 300 elements, with the names that operators give: long, alike but for their end, and without a place to break. */
import type { DeclaredFunction } from "#declaration/types.ts";

const SITES = ["Aix-Marseille Saint-Charles", "Lyon Part-Dieu", "Villeneuve-d'Ascq", "Brest", "Clermont-Ferrand La Pardieu", "Metz"];
const VENDORS = ["acme", "borealis", "cinder", "delphi"];
/** Of 300 elements so many are not eNBs: a core as a country's operator has it. */
const CORE: readonly (readonly [name: string, roles: readonly string[], share: number])[] = [
  ["spgw", ["SGW", "PGW"], 0.03],
  ["mme", ["MME"], 0.02],
  ["hss", ["HSS"], 0.01],
  ["pcrf", ["PCRF"], 0.01],
  ["sgw", ["SGW"], 0.03],
  ["pgw", ["PGW"], 0.02],
  ["dra", ["DRA"], 0.01],
  ["smsc", ["SMSC"], 0.01],
];

export function networkOf(elements: number): DeclaredFunction[] {
  const kinds: (readonly [string, readonly string[]])[] = [];
  for (const [name, roles, share] of CORE)
    for (let i = 0; i < Math.max(1, Math.round(share * elements)) && kinds.length < elements - 1; i++) kinds.push([name, roles]);
  while (kinds.length < elements) kinds.push(["enb", ["eNB"]]);
  return kinds.map(([kind, roles], i): DeclaredFunction => {
    const site = SITES[i % SITES.length] as string;
    const place = site.toLowerCase().replaceAll(/[^a-z]+/g, "-");
    const number = String(i + 1).padStart(3, "0");
    return {
      name:
        i % 7 === 3
          ? `${kind.toUpperCase()}_WWWWMMMM${place.toUpperCase().replaceAll("-", "")}_${number}`
          : `${kind}-${place}-${number}.epc.mnc001.mcc208.3gppnetwork.org`,
      roles,
      vendor: VENDORS[i % VENDORS.length] as string,
      site,
      addresses: [`10.100.${(i >> 8) & 255}.${i & 255}`],
      plmns: [],
      slices: [],
      dnns: [],
      identities: [],
    };
  });
}
