import { spawn } from "node:child_process";
import { type PdmlNode, PdmlReader } from "./pdml.ts";
import { type Summary, SummaryBuilder, type ValueKind } from "./summary.ts";

/** Settings that differ from tshark's defaults, or that the comparison rests on. */
const PREFERENCES = [
  "sctp.reassembly:TRUE",
  "sctp.tsn_analysis:TRUE",
  "ip.defragment:TRUE",
  "tcp.desegment_tcp_streams:TRUE",
  "tcp.reassemble_out_of_order:TRUE",
  "diameter.desegment:TRUE",
  "nas-eps.null_decipher:TRUE",
  "nas-eps.dissect_plain:FALSE",
  "s1ap.dissect_container:TRUE",
];

/** Protocols on ports of the sender's choice, which tshark does not recognise by content (checked by eye in Wireshark). */
const DECODE_AS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/open5gs_volte_\w+\.pcapng$/, ["tcp.port==3871,diameter"]],
  [/sipgate_x2_sip_register\.pcap$/, ["tcp.port==9999,5gli"]],
  [/unwarranted-interception[/-]core\.pcap$/, ["tcp.port==42069,5gli"]],
];

const FILTER = "s1ap || x2ap || nas-eps || gtpv2 || pfcp || diameter || gtpprime || (gtp.message < 255) || 5gli";

/** tshark's reading of a capture. */
export async function tsharkSummary(path: string): Promise<Summary> {
  const decodeAs = DECODE_AS.find(([pattern]) => pattern.test(path))?.[1] ?? [];
  const builder = new SummaryBuilder();
  const reader = new PdmlReader((protos) => readPacket(protos, builder));
  const child = spawn(
    "tshark",
    ["-n", "-r", path, "-Y", FILTER, "-T", "pdml", ...PREFERENCES.flatMap((p) => ["-o", p]), ...decodeAs.flatMap((d) => ["-d", d])],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) reader.line(line);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  // A capture cut in the middle of a packet makes tshark answer 2 after it has read everything before.
  if (code !== 0 && !errors.includes("cut short")) throw new Error(`tshark ${path}: ${errors.trim()}`);
  return builder.build();
}

function readPacket(protos: readonly PdmlNode[], builder: SummaryBuilder): void {
  const general = protos.find((p) => p.name === "geninfo");
  const frame = Number(general?.children.find((f) => f.name === "num")?.show ?? 0);
  const charging = general !== undefined && protos.some((p) => p.name === "frame" && p.children.some((f) => f.show.includes("gtpprime")));
  for (const proto of protos) {
    // What an ICMP error quotes follows it as protocols of the same packet; it is nobody's message.
    if (QUOTING.has(proto.name)) return;
    visit(proto, frame, charging, builder);
  }
}

/** tshark's protocol names, and ours. */
const READERS: Readonly<Record<string, (node: PdmlNode, frame: number, builder: SummaryBuilder) => void>> = {
  s1ap: (n, frame, b) => ran(n, frame, b, "s1ap"),
  x2ap: (n, frame, b) => ran(n, frame, b, "x2ap"),
  "nas-eps": nasEps,
  gtpv2: (n, frame, b) => simple(n, frame, b, "gtpv2", "gtpv2.message_type"),
  gtp: (n, frame, b) => gtpv1(n, frame, b, "gtpv1"),
  gtpprime: (n, frame, b) => gtpv1(n, frame, b, "gtp-prime"),
  pfcp: (n, frame, b) => simple(n, frame, b, "pfcp", "pfcp.msg_type"),
  diameter,
  "5gli": fiveGli,
};

const QUOTING = new Set(["icmp", "icmpv6"]);

/** `charging`: port 3386, where tshark's GTP dissector reads GTP′ and GTPv0. */
function visit(node: PdmlNode, frame: number, charging: boolean, builder: SummaryBuilder): void {
  if (QUOTING.has(node.name)) return;
  if (charging && node.proto && node.name === "gtp") gtpv1(node, frame, builder, "gtp-prime");
  else if (node.proto || node.name === "nas-eps") READERS[node.name]?.(node, frame, builder);
  for (const child of node.children) visit(child, frame, charging, builder);
}

/** Fields of one message: everything below, without messages of other protocols inside. */
function* fieldsOf(node: PdmlNode): Generator<{ field: PdmlNode; parent: PdmlNode }> {
  for (const child of node.children) {
    if (READERS[child.name] !== undefined && (child.proto || child.name === "nas-eps")) continue;
    yield { field: child, parent: node };
    yield* fieldsOf(child);
  }
}

const VALUES: Readonly<Record<string, ValueKind>> = {
  "e212.imsi": "imsi",
  "e164.msisdn": "msisdn",
  "gtpv2.mei": "imei",
  "gsm_a.imeisv": "imei",
  "gsm_a.imei": "imei",
  "gtp.ext_imeisv": "imei",
  "diameter.IMEI": "imei",
  "diameter.3GPP-IMEISV": "imei",
  "diameter.user_equipment_info.imeisv": "imei",
  "pfcp.user_id.imei": "imei",
  "gtpv2.apn": "apn",
  "gtp.apn": "apn",
  "gsm_a.gm.sm.apn": "apn",
  "diameter.Service-Selection": "apn",
  "diameter.Called-Station-Id": "apn",
  "pfcp.apn_dnn": "apn",
  "gtpv2.pdn_addr_and_prefix.ipv4": "ueAddresses",
  "gtpv2.pdn_addr_and_prefix.ipv6": "ueAddresses",
  "gtp.user_ipv4": "ueAddresses",
  "gtp.user_ipv6": "ueAddresses",
  "nas_eps.esm.pdn_ipv4": "ueAddresses",
  "diameter.Framed-IP-Address.IPv4": "ueAddresses",
  "diameter.framed_ipv6_prefix_ipv6": "ueAddresses",
  "diameter.PDP-Address.IPv4": "ueAddresses",
  "diameter.PDP-Address.IPv6": "ueAddresses",
  "diameter.Served-Party-IP-Address.IPv4": "ueAddresses",
  "diameter.Served-Party-IP-Address.IPv6": "ueAddresses",
  "pfcp.ue_ip_addr_ipv4": "ueAddresses",
  "pfcp.ue_ip_addr_ipv6": "ueAddresses",
};

/** TEID fields, and where their addresses stand: beside them, or one level below what stands beside them. */
const TEIDS: Readonly<Record<string, readonly string[]>> = {
  "gtpv2.f_teid_gre_key": ["gtpv2.f_teid_ipv4", "gtpv2.f_teid_ipv6"],
  "pfcp.f_teid.teid": ["pfcp.f_teid.ipv4_addr", "pfcp.f_teid.ipv6_addr"],
  "pfcp.outer_hdr_creation.teid": ["pfcp.outer_hdr_creation.ipv4", "pfcp.outer_hdr_creation.ipv6"],
  "s1ap.gTP_TEID": ["s1ap.transportLayerAddressIPv4", "s1ap.transportLayerAddressIPv6"],
  "x2ap.gTP_TEID": ["x2ap.transportLayerAddressIPv4", "x2ap.transportLayerAddressIPv6"],
};

function note(protocol: string, field: PdmlNode, parent: PdmlNode, builder: SummaryBuilder): void {
  const kind = VALUES[field.name];
  if (kind !== undefined) {
    if (field.show !== "") builder.value(protocol, kind, field.show);
    return;
  }
  const addresses = TEIDS[field.name];
  if (addresses === undefined) return;
  for (const near of parent.children.flatMap((c) => [c, ...c.children])) {
    if (addresses.includes(near.name)) builder.value(protocol, "teids", tunnelEnd(field.show, near.show));
  }
}

function tunnelEnd(teid: string, address: string): string {
  // S1AP shows the octets (`00:00:00:01`), the others a number.
  const value = teid.includes(":") ? parseInt(teid.replaceAll(":", ""), 16) : Number(teid);
  return `0x${value.toString(16).padStart(8, "0")}@${address}`;
}

function simple(node: PdmlNode, frame: number, builder: SummaryBuilder, protocol: string, typeField: string): void {
  for (const { field, parent } of fieldsOf(node)) {
    if (field.name === typeField) builder.message(frame, protocol, [Number(field.show)]);
    else note(protocol, field, parent, builder);
  }
}

/** GTP-U and GTPv1-C are one dissector; G-PDUs are no messages. TEIDs go with the GSN addresses: control first, then user plane. */
function gtpv1(node: PdmlNode, frame: number, builder: SummaryBuilder, protocol: "gtpv1" | "gtp-prime"): void {
  const fields = [...fieldsOf(node)];
  const type = fields.find((f) => f.field.name === "gtp.message");
  if (type === undefined || Number(type.field.show) === 255) return;
  const teids: { control: boolean; teid: string }[] = [];
  const gsn: string[] = [];
  builder.message(frame, protocol, [Number(type.field.show)]);
  for (const { field, parent } of fields) {
    if (field.name === "gtp.teid_cp") teids.push({ control: true, teid: field.show });
    else if (field.name === "gtp.teid_data") teids.push({ control: false, teid: field.show });
    else if (field.name === "gtp.gsn_ipv4" || field.name === "gtp.gsn_ipv6") gsn.push(field.show);
    else note(protocol, field, parent, builder);
  }
  for (const { control, teid } of teids) {
    const address = control ? gsn[0] : (gsn[1] ?? gsn[0]);
    if (address !== undefined) builder.value(protocol, "teids", tunnelEnd(teid, address));
  }
}

const OUTCOMES = ["initiating", "successful", "unsuccessful"];

function ran(node: PdmlNode, frame: number, builder: SummaryBuilder, protocol: "s1ap" | "x2ap"): void {
  const choice = protocol === "s1ap" ? "s1ap.S1AP_PDU" : "x2ap.X2AP_PDU";
  let outcome: string | undefined;
  for (const { field, parent } of fieldsOf(node)) {
    if (field.name === choice) outcome = OUTCOMES[Number(field.show)];
    else if (field.name === `${protocol}.procedureCode` && outcome !== undefined) {
      builder.message(frame, protocol, [Number(field.show), outcome]);
      outcome = undefined;
    } else note(protocol, field, parent, builder);
  }
}

const SERVICE_REQUEST = 77;
const SERVICE_REQUEST_HEADER = 12;

function nasEps(node: PdmlNode, frame: number, builder: SummaryBuilder): void {
  for (const { field, parent } of fieldsOf(node)) {
    if (field.name === "nas_eps.nas_msg_emm_type" || field.name === "nas_eps.nas_msg_esm_type") {
      builder.message(frame, "nas-eps", [Number(field.show)]);
    } else if (field.name === "nas_eps.ciphered_msg") builder.message(frame, "nas-eps", ["ciphered"]);
    else if (field.name === "nas_eps.security_header_type" && Number(field.show) === SERVICE_REQUEST_HEADER) {
      builder.message(frame, "nas-eps", [SERVICE_REQUEST]);
    } else note("nas-eps", field, parent, builder);
  }
}

function diameter(node: PdmlNode, frame: number, builder: SummaryBuilder): void {
  let command: number | undefined;
  let request = false;
  for (const { field, parent } of fieldsOf(node)) {
    if (field.name === "diameter.flags.request") request = field.show === "1" || field.show === "True";
    else if (field.name === "diameter.cmd.code") command = Number(field.show);
    else if (field.name === "diameter.applicationId" && command !== undefined) {
      builder.message(frame, "diameter", [command, request ? "request" : "answer", Number(field.show)]);
      command = undefined;
    } else note("diameter", field, parent, builder);
  }
}

function fiveGli(node: PdmlNode, frame: number, builder: SummaryBuilder): void {
  for (const { field } of fieldsOf(node)) {
    if (field.name !== "li5g.type") continue;
    const type = Number(field.show);
    builder.message(frame, type === 1 ? "x2" : "x3", [type]);
  }
}
