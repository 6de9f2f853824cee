/**
 * Names of protocols as declarations and flows spell them: what content they are recognised by (`decode/recognise`
 * names), and which ports speak for them while no content has been seen. Ports: IANA Service Name and Transport
 * Protocol Port Number Registry; 3GPP ones from the specifications named in `interfaces.ts`.
 */
import { DIAMETER_PORTS, Port } from "#model/ports.ts";

/** What is known of a flow when its protocol is judged. */
export interface Spoken {
  /** IP protocol number. */
  readonly protocol: number;
  readonly initiatorPort: number;
  readonly responderPort: number;
  /** False where who began is a guess: then either port may be the service's. */
  readonly initiatorKnown: boolean;
  /** Recognised from content; undefined where nothing was. */
  readonly application: string | undefined;
}

interface ProtocolEntry {
  /** Names that content is recognised as. */
  readonly apps: readonly string[];
  /** `udp/53`, `tcp/53`, `ip/47`. */
  readonly ports: readonly string[];
  /** Spoken inside TLS; `any`: on any port, `ports`: only on the ports above. */
  readonly tls?: "any" | "ports";
}

const p = (apps: string, ports: string, tls?: "any" | "ports"): ProtocolEntry => ({
  apps: apps.split(" ").filter(Boolean),
  ports: ports.split(" ").filter(Boolean),
  ...(tls === undefined ? {} : { tls }),
});

const ENTRIES: Readonly<Record<string, ProtocolEntry>> = {
  // management
  ssh: p("ssh", "tcp/22"),
  sftp: p("ssh", "tcp/22"),
  scp: p("ssh", "tcp/22"),
  telnet: p("telnet", "tcp/23"),
  http: p("http http2 cwmp winrm grpc", "tcp/80 tcp/8080 tcp/8000"),
  https: p("tls quic", "tcp/443 tcp/8443 tcp/4443 udp/443", "any"),
  netconf: p("ssh netconf", "tcp/830 tcp/6513 tcp/4334 tcp/4335", "ports"),
  restconf: p("tls http", "tcp/443 tcp/8443", "any"),
  gnmi: p("grpc http2", "tcp/57400 tcp/9339 tcp/6030", "any"),
  grpc: p("grpc http2", "tcp/50051", "any"),
  snmp: p("snmp", "udp/161 udp/162 udp/10161 udp/10162 tcp/161"),
  snmptrap: p("snmp", "udp/162 udp/10162"),
  rdp: p("rdp", "tcp/3389 udp/3389", "ports"),
  vnc: p("vnc", "tcp/5900 tcp/5901"),
  "tr-069": p("cwmp http", "tcp/7547", "ports"),
  "tr-369": p("mqtt websocket", "tcp/7547", "ports"),
  ipmi: p("ipmi", "udp/623"),
  winrm: p("winrm http", "tcp/5985 tcp/5986", "ports"),
  rlogin: p("rlogin", "tcp/513"),
  rsh: p("rsh", "tcp/514"),
  x11: p("x11", "tcp/6000"),
  redfish: p("tls http", "tcp/443", "any"),
  // transfer
  ftp: p("ftp ftp-data", "tcp/21 tcp/20"),
  ftps: p("tls ftp", "tcp/990 tcp/21", "any"),
  tftp: p("tftp", "udp/69"),
  rsync: p("rsync ssh", "tcp/873"),
  smb: p("smb", "tcp/445 tcp/139"),
  nfs: p("nfs rpc", "tcp/2049 udp/2049 tcp/111 udp/111"),
  // naming, time, logging, authentication
  dns: p("dns", "udp/53 tcp/53"),
  dot: p("tls", "tcp/853", "ports"),
  ntp: p("ntp", "udp/123"),
  ptp: p("ptp", "udp/319 udp/320"),
  syslog: p("syslog", "udp/514 tcp/514 tcp/601 tcp/6514 udp/6514", "ports"),
  dhcp: p("dhcp dhcpv6", "udp/67 udp/68 udp/546 udp/547"),
  radius: p("radius", "udp/1812 udp/1813 udp/1645 udp/1646 udp/3799 tcp/2083", "ports"),
  "tacacs+": p("tacacs+", "tcp/49"),
  ldap: p("ldap", "tcp/389 udp/389 tcp/636 tcp/3268", "ports"),
  ldaps: p("tls ldap", "tcp/636 tcp/3269", "any"),
  kerberos: p("kerberos", "tcp/88 udp/88 tcp/464 udp/464"),
  smtp: p("smtp", "tcp/25 tcp/587 tcp/465", "ports"),
  ocsp: p("http", "tcp/80"),
  cmp: p("http tls", "tcp/829 tcp/80 tcp/443", "any"),
  // data, telemetry
  netflow: p("netflow ipfix sflow", "udp/2055 udp/9995 udp/9996 udp/6343 udp/4739 tcp/4739 sctp/4739 udp/2056", "ports"),
  ipfix: p("ipfix netflow", "udp/4739 tcp/4739 sctp/4739 udp/2055", "ports"),
  sflow: p("sflow", "udp/6343"),
  kafka: p("kafka", "tcp/9092 tcp/9093", "ports"),
  mqtt: p("mqtt", "tcp/1883 tcp/8883", "ports"),
  amqp: p("amqp", "tcp/5672 tcp/5671", "ports"),
  mysql: p("mysql", "tcp/3306", "ports"),
  postgresql: p("postgresql", "tcp/5432", "ports"),
  redis: p("redis", "tcp/6379", "ports"),
  iperf: p("iperf", "tcp/5201 udp/5201 tcp/5001 udp/5001"),
  // network
  icmp: p("icmp", "ip/1 ip/58"),
  bgp: p("bgp", "tcp/179"),
  ospf: p("ospf", "ip/89"),
  bfd: p("bfd", "udp/3784 udp/3785 udp/4784"),
  vrrp: p("vrrp", "ip/112"),
  ipsec: p("ike esp", "udp/500 udp/4500 ip/50 ip/51"),
  gre: p("gre", "ip/47 udp/4754"),
  erspan: p("gre erspan", "ip/47"),
  ipip: p("", "ip/4 ip/41"),
  vxlan: p("vxlan", "udp/4789 udp/4790 udp/8472"),
  geneve: p("geneve", "udp/6081"),
  tzsp: p("tzsp", "udp/37008"),
  l2tp: p("l2tp", "udp/1701 ip/115"),
  wireguard: p("wireguard", "udp/51820"),
  tls: p("tls", "tcp/443", "any"),
  quic: p("quic", "udp/443"),
  // 3GPP
  "gtp-c": p("gtp-c", `udp/${Port.GTP_C}`),
  "gtp-u": p("gtp-u", `udp/${Port.GTP_U}`),
  "gtp-v0": p("", `udp/${Port.GTP_PRIME}`),
  "gtp-prime": p("gtp-prime", `udp/${Port.GTP_PRIME} tcp/${Port.GTP_PRIME}`),
  pfcp: p("pfcp", `udp/${Port.PFCP}`),
  diameter: p("diameter", [...DIAMETER_PORTS].map((port) => `tcp/${port} sctp/${port}`).join(" "), "ports"),
  s1ap: p("s1ap", `sctp/${Port.S1AP}`),
  x2ap: p("x2ap", `sctp/${Port.X2AP}`),
  ngap: p("ngap", "sctp/38412"),
  xnap: p("xnap", "sctp/38422"),
  f1ap: p("f1ap", "sctp/38472"),
  e1ap: p("e1ap", "sctp/38462"),
  m2ap: p("m2ap", "sctp/36443"),
  m3ap: p("m3ap", "sctp/36444"),
  sgsap: p("sgsap", "sctp/29118"),
  sbcap: p("sbcap", "sctp/29168"),
  "lcs-ap": p("lcs-ap", "sctp/9082"),
  rua: p("rua", "sctp/29169"),
  sigtran: p("m3ua sua m2pa m2ua", "sctp/2904 sctp/2905 sctp/14001 sctp/3565 tcp/2905"),
  "gprs-ns": p("gprs-ns", "udp/23000"),
  megaco: p("megaco", "udp/2944 udp/2945 tcp/2944 tcp/2945 sctp/2944 sctp/2945"),
  sip: p("sip", "udp/5060 tcp/5060 tcp/5061 sctp/5060", "ports"),
  rtp: p("rtp rtcp stun", ""),
  x1: p("x1 http http2 tls", "tcp/443 tcp/8443", "any"),
  x2: p("x2 x3 tls", "", "any"),
};

const ALIASES: Readonly<Record<string, string>> = {
  ssh2: "ssh",
  sshd: "ssh",
  snmpv2c: "snmp",
  snmpv3: "snmp",
  "snmp-trap": "snmptrap",
  tr069: "tr-069",
  cwmp: "tr-069",
  tacacs: "tacacs+",
  tacacsplus: "tacacs+",
  icmpv6: "icmp",
  ping: "icmp",
  gtpc: "gtp-c",
  gtpu: "gtp-u",
  gtpv2: "gtp-c",
  "gtpv1-u": "gtp-u",
  "gtpv1-c": "gtp-c",
  "gtpv2-c": "gtp-c",
  "gtp'": "gtp-prime",
  gtpprime: "gtp-prime",
  ike: "ipsec",
  esp: "ipsec",
  ikev2: "ipsec",
  http2: "http",
  h2: "http",
  web: "https",
  cifs: "smb",
  x3: "x2",
  hi2: "x2",
  hi3: "x2",
  m3ua: "sigtran",
  map: "sigtran",
  sua: "sigtran",
  netflow9: "netflow",
  "netflow-v9": "netflow",
  winbox: "ssh",
  rtcp: "rtp",
  h248: "megaco",
  "h.248": "megaco",
  "remote-desktop": "rdp",
  "ldap-tls": "ldaps",
  "syslog-tls": "syslog",
  postgres: "postgresql",
  "dns-tls": "dot",
  gretap: "gre",
  sx: "pfcp",
  n4: "pfcp",
  dhcpv6: "dhcp",
  time: "ntp",
  "ipfix/netflow": "ipfix",
};

const IP_NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, icmp: 1, gre: 47, esp: 50 };

/** Spelling in one form: lower case, aliases resolved. */
export function protocolName(name: string): string {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower;
}

/** False: a name that only equals itself; a declaration that uses it gets a warning. */
export function isKnownProtocol(name: string): boolean {
  const n = protocolName(name);
  return n === "any" || n === "*" || Object.hasOwn(ENTRIES, n) || rawPort(n) !== null;
}

export const PROTOCOL_NAMES: readonly string[] = Object.keys(ENTRIES);

interface PortRange {
  readonly protocol: number;
  readonly low: number;
  readonly high: number;
}

/** `tcp/22`, `udp/4000-4010`, `ip/47`, `sctp`. */
function rawPort(name: string): PortRange | null {
  const m = /^(tcp|udp|sctp|ip)(?:[/:](\d{1,5})(?:-(\d{1,5}))?)?$/.exec(name);
  if (m === null) return null;
  const low = m[2] === undefined ? 0 : Number(m[2]);
  if (m[1] === "ip") return m[2] === undefined ? null : { protocol: low, low: 0, high: 65_535 };
  return { protocol: IP_NUMBERS[m[1] ?? ""] ?? -1, low, high: m[3] === undefined ? (m[2] === undefined ? 65_535 : low) : Number(m[3]) };
}

/** What a name that a declaration uses means. */
interface Meaning {
  readonly name: string;
  readonly any: boolean;
  /** The name is a range of ports itself. */
  readonly raw: PortRange | null;
  readonly apps: readonly string[];
  readonly tls: ProtocolEntry["tls"];
  readonly known: boolean;
  readonly ports: readonly PortRange[];
}

/** Names in use, worked out once: each flow is held against many. */
const meanings = new Map<string, Meaning>();
/** Meanings of protocol names that are kept; past it all are forgotten and worked out again. */
const MAX_MEANINGS = 4_096;

function meaningOf(declared: string): Meaning {
  const kept = meanings.get(declared);
  if (kept !== undefined) return kept;
  const name = protocolName(declared);
  const entry = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined;
  const meaning: Meaning = {
    name,
    any: name === "any" || name === "*",
    raw: rawPort(name),
    apps: entry?.apps ?? [],
    tls: entry?.tls,
    known: entry !== undefined,
    ports: (entry?.ports ?? []).map(rawPort).filter((range) => range !== null),
  };
  if (meanings.size >= MAX_MEANINGS) meanings.clear();
  meanings.set(declared, meaning);
  return meaning;
}

/** Whether a flow is what a declaration calls by this name. Content decides where it was recognised, else the port. */
export function speaks(declared: string, flow: Spoken): boolean {
  const meaning = meaningOf(declared);
  if (meaning.any) return true;
  if (meaning.raw !== null) return inRange(flow, meaning.raw);
  const app = flow.application;
  if (!meaning.known) return app === meaning.name;
  if (app !== undefined) {
    if (app === "tls" && meaning.tls !== undefined) return meaning.tls === "any" || onPort(meaning, flow);
    return meaning.apps.includes(app) || app === meaning.name;
  }
  return onPort(meaning, flow);
}

function onPort(meaning: Meaning, flow: Spoken): boolean {
  const { ports } = meaning;
  for (let i = 0; i < ports.length; i++) if (inRange(flow, ports[i] as PortRange)) return true;
  return false;
}

function inRange(flow: Spoken, range: PortRange): boolean {
  return flow.protocol === range.protocol && portIn(flow, range.low, range.high);
}

/** UDP speaks for a protocol on either port (answers, traps, agents with fixed ports); TCP on the responder's. */
function portIn(flow: Spoken, low: number, high: number): boolean {
  if (flow.responderPort >= low && flow.responderPort <= high) return true;
  const either = flow.protocol !== 6 || !flow.initiatorKnown;
  return either && flow.initiatorPort >= low && flow.initiatorPort <= high;
}

/** Content by which somebody who is answered manages the answering element (`ungranted-access`). */
const MANAGEMENT_APPS = new Set([
  "ssh",
  "telnet",
  "http",
  "http2",
  "tls",
  "quic",
  "netconf",
  "snmp",
  "rdp",
  "vnc",
  "cwmp",
  "ipmi",
  "winrm",
  "rlogin",
  "rsh",
  "x11",
  "grpc",
  "tacacs+",
  "smb",
  "rpc",
  "ftp",
  "tftp",
  "rsync",
  "mysql",
  "postgresql",
  "redis",
]);
const MANAGEMENT_PORTS = [
  "ssh",
  "telnet",
  "https",
  "http",
  "netconf",
  "snmp",
  "rdp",
  "vnc",
  "tr-069",
  "ipmi",
  "winrm",
  "rlogin",
  "ftp",
  "gnmi",
];
/** A person or program with a shell or a screen: no service entry permits that, only a grant. */
const INTERACTIVE_APPS = new Set(["ssh", "telnet", "rdp", "vnc", "netconf", "winrm", "rlogin", "rsh", "x11", "ipmi"]);

/** `content`: recognised; `port`: only the responder's port says so; `no`. */
export function managementBy(flow: Spoken): "content" | "port" | "no" {
  if (flow.application !== undefined) return MANAGEMENT_APPS.has(flow.application) ? "content" : "no";
  return MANAGED.has(flow.protocol * 65_536 + flow.responderPort) ? "port" : "no";
}

/** Protocol and port of everything in `MANAGEMENT_PORTS`; all of them are single ports. */
const MANAGED: ReadonlySet<number> = new Set(
  MANAGEMENT_PORTS.flatMap((name) => meaningOf(name).ports).map(({ protocol, low }) => protocol * 65_536 + low),
);

export function isInteractive(application: string | undefined): boolean {
  return application !== undefined && INTERACTIVE_APPS.has(application);
}

const ROUTING = ["bgp", "ospf", "bfd", "vrrp", "ip/103", "ip/46", "udp/646", "tcp/646", "dhcp", "udp/1985", "ip/88"];

/** Spoken between a node and the router or relay next to it. */
export function isRouting(flow: Spoken): boolean {
  return ROUTING.some((name) => speaks(name, flow));
}
