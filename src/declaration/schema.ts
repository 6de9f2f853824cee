/**
 * The shape of `network.yaml`, as `contract.md` §3 fixes it. The published JSON Schema is made from this
 * (`schemas/network.schema.json`); what a schema cannot say (names that must exist, periods in order) is in `check.ts`.
 */
import { z } from "zod";
import { canonicalPrefix } from "./address.ts";

/** Characters of a name; a longer one is refused with its line. */
const MAX_NAME = 200;
/** Entries of one list; a longer one is refused: a declaration is written and read by people. */
const MAX_LIST = 100_000;

const text = (what: string) =>
  z
    .string({
      error: (issue) =>
        typeof issue.input === "number" ? `${issue.input} is a number, expected ${what} (put it in quotes)` : `expected ${what}`,
    })
    .min(1, { error: `is empty, expected ${what}` })
    .max(MAX_NAME, { error: `is longer than ${MAX_NAME} characters, expected ${what}` })
    .regex(/^[^\p{Cc}]*$/u, { error: `holds control characters, expected ${what}` });

const list = <T extends z.ZodType>(item: T, what: string) =>
  z.array(item, { error: `expected a list of ${what}` }).max(MAX_LIST, { error: `has more than ${MAX_LIST} entries` });

const prefix = text("an IPv4 or IPv6 address or prefix")
  .refine((v) => canonicalPrefix(v) !== null, {
    error: (issue) => `"${String(issue.input)}" is not an address, expected an IPv4 or IPv6 address or prefix such as 10.0.0.0/24`,
  })
  .meta({ description: "IPv4 or IPv6 address or prefix", examples: ["10.0.0.1", "10.0.0.0/24", "2001:db8::/32"] });
const prefixes = list(prefix, "addresses or prefixes");
const place = text("an address, a prefix or a declared name");
const places = list(place, "addresses or declared names");
const names = (what: string) => list(text(what), what);

const plmn = text("a PLMN of five or six digits")
  .regex(/^[0-9]{5,6}$/, {
    error: (issue) => `"${String(issue.input)}" is not a PLMN, expected five or six digits (MCC and MNC) in quotes`,
  })
  .meta({ description: "MCC and MNC, five or six digits", examples: ["20801"] });
const plmns = list(plmn, "PLMNs");
const country = text("a country code of two letters").regex(/^[A-Za-z]{2}$/, {
  error: "expected a country code of two letters (ISO 3166-1), such as FR",
});
const moment = z.iso
  .datetime({
    offset: true,
    error: (issue) => `${show(issue.input)} is not a point in time, expected date, time and time zone such as 2026-01-01T00:00:00Z`,
  })
  .meta({ description: "date, time and time zone (RFC 3339)" });
const protocolsField = names("a protocol");
const carriage = z.enum(["none", "signalling", "usage", "content"], { error: "expected none, signalling, usage or content" });
const mayCarry = z.union([list(carriage, "none, signalling, usage, content"), carriage], {
  error: "expected none, signalling, usage or content, or a list of them",
});
const algorithmPolicy = z.record(z.string(), z.enum(["allowed", "emergency", "never"], { error: "expected allowed, emergency or never" }), {
  error: "expected algorithm names with allowed, emergency or never",
});
/** Where the contract leaves the form open: a word, a number, a list or a small map, kept as text. */
const open = z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);
const openList = z.union([list(open, "names or entries"), z.string()], { error: "expected a list" });
const oneOrMore = z.union([names("a name"), text("a name")], { error: "expected a name or a list of names" });

function show(value: unknown): string {
  return typeof value === "string"
    ? `"${value.slice(0, 60)}"`
    : value === undefined
      ? "nothing"
      : `a ${Array.isArray(value) ? "list" : typeof value}`;
}

const object = <T extends z.core.$ZodLooseShape>(shape: T, what: string) =>
  z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? undefined : `expected ${what}`) });

export const networkSchema = object(
  {
    $schema: z.string().optional(),
    network: object({ name: text("the network's name"), country: country.optional(), plmns: plmns.optional() }, "name, country and plmns"),
    vendors: z
      .record(
        z.string().min(1).max(MAX_NAME),
        object({ name: text("the vendor's name").optional(), country: country.optional() }, "the vendor's name and country"),
        {
          error: "expected vendors by key, each with name and country",
        },
      )
      .optional(),
    functions: list(
      object(
        {
          name: text("the function's name"),
          roles: list(text("a role such as MME"), "roles").min(1, { error: "is empty, expected at least one role such as MME" }),
          vendor: text("a key of vendors").optional(),
          site: text("a place").optional(),
          addresses: prefixes.optional(),
          plmns: plmns.optional(),
          slices: openList.optional(),
          dnns: names("a DNN or APN").optional(),
          identities: names("a Diameter host, FQDN, NF instance id or global title").optional(),
        },
        "a function with name, roles and addresses",
      ),
      "functions",
    ).optional(),
    points: list(
      object(
        {
          match: text("a glob over file or interface names"),
          interface: text("an interface such as S1-MME, SGi, OAM").optional(),
          link: text("the name of a link").optional(),
          direction: z.enum(["ab", "ba", "both"], { error: "expected ab, ba or both" }).optional(),
          method: z.enum(["tap", "span", "broker", "host"], { error: "expected tap, span, broker or host" }).optional(),
          complete: z.boolean({ error: "expected true or false" }).optional(),
          snaplen: z.int({ error: "expected a whole number of octets" }).min(0, { error: "expected a whole number of octets" }).optional(),
          clock: open.optional(),
        },
        "a point with match and interface",
      ),
      "points",
    ).optional(),
    extensions: list(
      object(
        {
          enterprise: z
            .int({ error: "expected an enterprise number (IANA)" })
            .min(0, { error: "expected an enterprise number (IANA)" })
            .max(4_294_967_295, { error: "expected an enterprise number (IANA)" }),
          functions: names("the name of a function").optional(),
          content: text("what the extension holds, such as constant").optional(),
        },
        "an extension with enterprise, functions and content",
      ),
      "extensions",
    ).optional(),
    subscribers: object({ addresses: prefixes.optional() }, "addresses").optional(),
    services: list(
      object(
        {
          name: text("the service's name"),
          addresses: prefixes.optional(),
          protocols: protocolsField.optional(),
          mayCarry: mayCarry.optional(),
        },
        "a service with name, addresses and protocols",
      ),
      "services",
    ).optional(),
    operators: list(
      object({ name: text("the party's name"), addresses: prefixes.optional() }, "a party with name and addresses"),
      "operators",
    ).optional(),
    grants: list(
      object(
        {
          party: text("the name of one of operators"),
          functions: names("the name of a function"),
          protocols: protocolsField,
          from: moment.optional(),
          to: moment.optional(),
          ticket: text("a reference").optional(),
        },
        "a grant with party, functions, protocols, from and to",
      ),
      "grants",
    ).optional(),
    lawful: object(
      {
        administration: prefixes.optional(),
        mediation: prefixes.optional(),
        monitoring: prefixes.optional(),
        location: places.optional(),
        gateways: places.optional(),
        providers: openList.optional(),
        countries: names("a country code of two letters").optional(),
        profile: open.optional(),
        buffer: open.optional(),
        authorities: list(
          object(
            { name: text("the authority's name"), key: text("its signing key, as in its authority.json") },
            "an authority with name and key",
          ),
          "authorities",
        ).optional(),
      },
      "administration, mediation and monitoring addresses",
    ).optional(),
    partners: list(
      object(
        {
          name: text("the partner's name"),
          plmns: plmns.optional(),
          addresses: prefixes.optional(),
          realms: names("a Diameter realm").optional(),
          globalTitles: names("a global title or its leading digits").optional(),
          via: oneOrMore.optional(),
          kind: text("roaming, mvno, mocn or sponsor").optional(),
          agreement: open.optional(),
        },
        "a partner with name, plmns and addresses",
      ),
      "partners",
    ).optional(),
    trace: object({ collectors: places.optional(), plmns: plmns.optional(), jobs: openList.optional() }, "collectors").optional(),
    protected: names("an interface such as S1-MME").optional(),
    links: list(
      object(
        {
          a: text("one end of the link"),
          b: text("the other end of the link"),
          vlans: list(
            z
              .int({ error: "expected a VLAN id" })
              .min(0, { error: "expected a VLAN id" })
              .max(4095, { error: "expected a VLAN id of at most 4095" }),
            "VLAN ids",
          ).optional(),
        },
        "a link with a and b",
      ),
      "links",
    ).optional(),
    hosts: list(
      object(
        {
          name: text("the host's name"),
          runs: names("the name of a function").optional(),
          vendor: text("a key of vendors").optional(),
          addresses: prefixes.optional(),
        },
        "a host with name and runs",
      ),
      "hosts",
    ).optional(),
    groups: list(
      object(
        {
          kind: text("ha, pool, vip or anycast"),
          members: places.optional(),
          virtual: prefixes.optional(),
          carries: names("what it carries").optional(),
        },
        "a group with kind and members",
      ),
      "groups",
    ).optional(),
    middleboxes: list(
      object(
        {
          name: text("a name").optional(),
          kind: text("nat, nat64, cgnat, proxy, cache, pep, firewall, slb or secgw"),
          addresses: prefixes.optional(),
          inside: prefixes.optional(),
          outside: prefixes.optional(),
          payload: text("what happens to payload, such as same").optional(),
        },
        "a middlebox with kind and addresses",
      ),
      "middleboxes",
    ).optional(),
    monitoring: list(
      object(
        {
          name: text("a name"),
          kind: text("probe, dpi, broker, flow-export or siem").optional(),
          from: places.optional(),
          to: places.optional(),
          encapsulation: text("an encapsulation such as gre").optional(),
          scope: open.optional(),
          purpose: text("a purpose").optional(),
        },
        "an entry with name, from and to",
      ),
      "monitoring",
    ).optional(),
    signalling: list(
      object(
        {
          name: text("the node's name"),
          kind: text("dra, dea, stp, scp, sepp, ipx or smsfw"),
          addresses: prefixes.optional(),
          realms: names("a Diameter realm").optional(),
          identities: names("a Diameter host or global title").optional(),
          hides: z.boolean({ error: "expected true or false" }).optional(),
        },
        "a node with name, kind and addresses",
      ),
      "signalling",
    ).optional(),
    queries: list(
      object(
        {
          asker: oneOrMore,
          procedures: names("a procedure such as sh-udr").optional(),
          data: names("what is asked for").optional(),
          purpose: text("a purpose").optional(),
        },
        "a query with asker and procedures",
      ),
      "queries",
    ).optional(),
    transfers: list(
      object(
        {
          kind: text("cdr, trace, pm, logs, software, lcs or emergency"),
          from: places.optional(),
          to: places.optional(),
          protocols: protocolsField.optional(),
          mayCarry: mayCarry.optional(),
        },
        "a transfer with kind, from, to and protocols",
      ),
      "transfers",
    ).optional(),
    places: list(
      object(
        { prefix, country: country.optional(), operator: text("who runs the range").optional() },
        "a place with prefix, country and operator",
      ),
      "places",
    )
      .meta({
        description: "The operator's own table of where addresses are: it places receivers on a map, and declares and permits nothing",
      })
      .optional(),
    policy: object({ ciphering: algorithmPolicy.optional(), integrity: algorithmPolicy.optional() }, "ciphering and integrity").optional(),
    unreviewed: names("management")
      .meta({ description: "What nobody has looked at yet: neither explained nor a finding. Known: management" })
      .optional(),
    sealed: object({ by: oneOrMore.optional(), at: moment.optional() }, "by and at").optional(),
  },
  "a network declaration with network, functions, …",
);

export type NetworkFile = z.infer<typeof networkSchema>;

/** JSON Schema (draft 2020-12) for editors: a `$schema` line in the declaration turns on completion. */
export function networkJsonSchema(): Record<string, unknown> {
  return {
    $id: "urn:tapproof:schema:network:1",
    title: "Tapproof network declaration",
    ...z.toJSONSchema(networkSchema, { target: "draft-2020-12", io: "input", unrepresentable: "any" }),
  };
}
