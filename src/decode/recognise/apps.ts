/** Application protocols that content is recognised as. Codes are small integers for the hot path; 0 is "not known". */

const NAMES = [
  "",
  // remote management
  "ssh",
  "telnet",
  "rdp",
  "vnc",
  "netconf",
  "snmp",
  "cwmp",
  "winrm",
  "ipmi",
  "rlogin",
  "rsh",
  "x11",
  "tacacs+",
  // web, remote procedure calls
  "http",
  "http2",
  "grpc",
  "tls",
  "dtls",
  "quic",
  "rpc",
  // files, mail
  "ftp",
  "tftp",
  "smb",
  "rsync",
  "smtp",
  "imap",
  "pop3",
  // directory, authentication, naming, time, logging
  "ldap",
  "kerberos",
  "radius",
  "dns",
  "nbns",
  "ntp",
  "dhcp",
  "dhcpv6",
  "syslog",
  "ssdp",
  "ptp",
  // data
  "mysql",
  "postgresql",
  "redis",
  "kafka",
  "mqtt",
  "amqp",
  "iperf",
  // flow telemetry
  "netflow",
  "ipfix",
  "sflow",
  // routing, security, tunnels
  "bgp",
  "bfd",
  "ike",
  "esp",
  "wireguard",
  "vxlan",
  "geneve",
  "l2tp",
  "tzsp",
  "gre",
  // voice
  "sip",
  "rtcp",
  "stun",
  "rtsp",
  "megaco",
  // mobile core
  "gtp-c",
  "gtp-u",
  "gtp-prime",
  "pfcp",
  "diameter",
] as const;
export type AppName = Exclude<(typeof NAMES)[number], "">;

const CODES = new Map<string, number>(NAMES.map((name, code) => [name, code]));

/** The code of a name; the name must be one of the table (the compiler checks it). */
export function appCode(name: AppName): number {
  return CODES.get(name) ?? 0;
}

/** The name of a code as declarations and findings spell it; empty for 0 and for codes that do not exist. */
export function appName(code: number): string {
  return NAMES[code] ?? "";
}

const flags = (names: readonly AppName[]): Uint8Array => {
  const set = new Uint8Array(NAMES.length);
  for (const n of names) set[appCode(n)] = 1;
  return set;
};
const MANAGEMENT = flags([
  "ssh",
  "telnet",
  "rdp",
  "vnc",
  "netconf",
  "snmp",
  "cwmp",
  "winrm",
  "ipmi",
  "rlogin",
  "rsh",
  "x11",
  "tacacs+",
  "http",
  "http2",
  "grpc",
  "tls",
  "quic",
  "rpc",
  "ftp",
  "tftp",
  "smb",
  "rsync",
  "mysql",
  "postgresql",
  "redis",
]);
const TRANSFER = flags(["ftp", "tftp", "smb", "rsync", "ssh", "http", "http2", "tls", "quic", "smtp", "kafka", "syslog", "rpc"]);

/** A protocol by which who is answered manages the answering element, if it is an element that answers. */
export function isManagement(code: number): boolean {
  return MANAGEMENT[code] === 1;
}

/** A protocol that can carry files or bulk data. */
export function isTransfer(code: number): boolean {
  return TRANSFER[code] === 1;
}
