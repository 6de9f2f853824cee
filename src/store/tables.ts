/**
 * Tables of a case's database (`tapproof query`), one place for their columns and what they mean; `docs/case.md` is generated from it.
 * Identities and user addresses are pseudonyms unless the case was made with `--identities`. No payload is ever stored.
 */
export type ColumnType = "VARCHAR" | "BIGINT" | "INTEGER" | "DOUBLE" | "BOOLEAN" | "TIMESTAMP";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
}

export interface Table {
  readonly name: string;
  readonly meaning: string;
  readonly columns: readonly Column[];
}

const column = (name: string, type: ColumnType, meaning: string): Column => ({ name, type, meaning });
const first = column("first", "TIMESTAMP", "time of the first packet or message, UTC");
const last = column("last", "TIMESTAMP", "time of the last one, UTC");
const run = column("run", "INTEGER", "number of the scan that added the row (`scan --append` adds another)");

export const TABLES = {
  captures: {
    name: "captures",
    meaning: "capture files that were read",
    columns: [
      run,
      column("capture", "INTEGER", "number of the file in its run"),
      column("file", "VARCHAR", "base name"),
      column("sha256", "VARCHAR", "hash of the file as given"),
      column("packets", "BIGINT", "frames read"),
      column("bytes", "BIGINT", "octets on the wire"),
      first,
      last,
      column("truncated", "BIGINT", "frames cut by the snap length, plus one where the file ends inside a frame"),
      column("malformed", "BIGINT", "frames whose outermost faulty header breaks its length rules"),
    ],
  },
  points: {
    name: "points",
    meaning: "places where packets were seen",
    columns: [
      run,
      column("point", "INTEGER", "number of the point in its run"),
      column("capture", "INTEGER", "its capture"),
      column("name", "VARCHAR", "declared interface, else file or interface name"),
      column("interface", "VARCHAR", "declared reference point or network"),
      column("complete", "BOOLEAN", "the tap map says that all traffic of the link is seen"),
    ],
  },
  volumes: {
    name: "volumes",
    meaning:
      "octets on the wire over time at each point; points at which anything of interception passed have none. Slices are seconds, or wider where there would be more than 65,536 of them",
    columns: [
      run,
      column("point", "INTEGER", "where"),
      column("from", "TIMESTAMP", "when the slice begins, UTC"),
      column("seconds", "INTEGER", "how long it is"),
      column("packets", "BIGINT", "frames"),
      column("bytes", "BIGINT", "octets on the wire"),
    ],
  },
  elements: {
    name: "elements",
    meaning: "addresses with the roles that their signalling shows, and declared functions",
    columns: [
      run,
      column("address", "VARCHAR", "IP address"),
      column("name", "VARCHAR", "declared name"),
      column("vendor", "VARCHAR", "declared vendor"),
      column("declared", "BOOLEAN", "the declaration names it"),
      column("role", "VARCHAR", "3GPP function, one row a role"),
      column("because", "VARCHAR", "what showed it"),
      column("seen", "BIGINT", "how often"),
    ],
  },
  reference_points: {
    name: "reference_points",
    meaning: "reference points between elements, with the control messages counted",
    columns: [
      run,
      column("a", "VARCHAR", "one end"),
      column("b", "VARCHAR", "the other end"),
      column("name", "VARCHAR", "S1-MME, S11, …"),
      column("messages", "BIGINT", "messages seen"),
    ],
  },
  sessions: {
    name: "sessions",
    meaning: "subscribers as signalling names them",
    columns: [
      run,
      column("subscriber", "VARCHAR", "pseudonym (or identity)"),
      column("imsi", "VARCHAR", "pseudonym (or identity)"),
      column("msisdn", "VARCHAR", "pseudonym (or identity)"),
      column("imei", "VARCHAR", "pseudonym (or identity)"),
      column("addresses", "VARCHAR", "user addresses, pseudonyms (or in clear), comma-separated"),
      column("apns", "VARCHAR", "access point names, comma-separated"),
      column("serving_enb", "VARCHAR", "S1AP address of the eNB last seen"),
      column("emergency", "BOOLEAN", "emergency attach or call seen"),
      column("tac", "VARCHAR", "type allocation code, the first eight digits of the IMEI: a device type, not a device"),
      first,
      last,
    ],
  },
  tunnels: {
    name: "tunnels",
    meaning: "use of user-plane tunnel ends, and what signalling says of them; amounts as in `flows`",
    columns: [
      run,
      column("point", "INTEGER", "where"),
      column("source", "VARCHAR", "sender of the G-PDUs; within another tunnel a pseudonym, unless a declared function has the address"),
      column("address", "VARCHAR", "address of the end; as `source`"),
      column("teid", "BIGINT", "tunnel endpoint identifier"),
      column("interface", "VARCHAR", "reference point as signalling names it; null where it never did"),
      column("subscriber", "VARCHAR", "pseudonym (or identity)"),
      column("packets", "BIGINT", "G-PDUs"),
      column("bytes", "BIGINT", "subscriber IP octets"),
      first,
      last,
      column("released", "TIMESTAMP", "when signalling took it down"),
    ],
  },
  flows: {
    name: "flows",
    meaning:
      "conversations of the network's own addresses; amounts are lower bounds or null where they could be subtracted (docs/register.md)",
    columns: [
      run,
      column("point", "INTEGER", "where"),
      column("protocol", "INTEGER", "IP protocol number"),
      column("initiator", "VARCHAR", "who began"),
      column("initiator_port", "INTEGER", "port, 0 where there is none"),
      column("responder", "VARCHAR", "who answered"),
      column("responder_port", "INTEGER", "port, 0 where there is none"),
      column("application", "VARCHAR", "protocol recognised from content"),
      column("server_name", "VARCHAR", "TLS server name, HTTP host or the like, as written by a stranger"),
      column("packets", "BIGINT", "both directions"),
      column("bytes", "BIGINT", "IP octets, both directions"),
      column("payload_to_responder", "BIGINT", "octets of transport payload"),
      column("payload_to_initiator", "BIGINT", "octets of transport payload"),
      column("handshake", "BOOLEAN", "a handshake completed and data went both ways"),
      column("explained", "VARCHAR", "declaration entry that lets the flow exist; null where none does, or there is no declaration"),
      first,
      last,
    ],
  },
  services: {
    name: "services",
    meaning: "servers that subscribers' own devices name, by device type; never by subscriber, and never the whole name",
    columns: [
      run,
      column(
        "tac",
        "VARCHAR",
        "type allocation code of the devices; null where signalling named no device, or fewer than 3 subscribers have the type (told with `--identities` all the same)",
      ),
      column(
        "name",
        "VARCHAR",
        "registrable part of the server's name (`example.com`), as written by a stranger; null for all beyond the limit",
      ),
      column("source", "VARCHAR", "`tls`, `quic`: server name of a ClientHello; `dns`: question for an address"),
      column("subscribers", "BIGINT", "different subscribers; at least so many where a limit was reached"),
      column("flows", "BIGINT", "flows, each once though seen at several points"),
      first,
      last,
    ],
  },
  messages: {
    name: "messages",
    meaning: "control-plane messages",
    columns: [
      run,
      column("capture", "INTEGER", "capture"),
      column("frame", "BIGINT", "frame that completes the message; null where frames of the capture are not to be told (docs/register.md)"),
      column("time", "TIMESTAMP", "UTC"),
      column("source", "VARCHAR", "sender's address"),
      column("destination", "VARCHAR", "receiver's address"),
      column("protocol", "VARCHAR", "s1ap, gtpv2, …"),
      column("type", "BIGINT", "the protocol's own number"),
      column("name", "VARCHAR", "message name"),
      column("subscriber", "VARCHAR", "pseudonym (or identity)"),
      column("faults", "INTEGER", "faults met while decoding"),
    ],
  },
  findings: {
    name: "findings",
    meaning: "what was found",
    columns: [
      run,
      column("id", "VARCHAR", "finding id"),
      column("claim", "VARCHAR", "claim"),
      column("grade", "VARCHAR", "indication, corroborated, proven"),
      column("summary", "VARCHAR", "one sentence"),
      column("element", "VARCHAR", "declared name, else address"),
      column("element_address", "VARCHAR", "address"),
      column("vendor", "VARCHAR", "declared vendor of the element"),
      column("receiver", "VARCHAR", "address, identity or name"),
      column("act", "VARCHAR", "sent, accepted, effected"),
      column("bits", "BIGINT", "evidence in bits"),
      column("subscribers", "BIGINT", "how many"),
      column("packets", "BIGINT", "packets of the act; the frames that show it may be fewer or more (see Numbers of a finding)"),
      column("bytes", "BIGINT", "subscriber IP octets"),
      first,
      last,
    ],
  },
  evidence: {
    name: "evidence",
    meaning: "frames that findings rest on (at most 1,000 a capture; of peers and access only those with payload)",
    columns: [
      run,
      column("finding", "VARCHAR", "finding id"),
      column("capture", "VARCHAR", "SHA-256 of the capture"),
      column("frame", "BIGINT", "1-based frame number"),
    ],
  },
  exposed: {
    name: "exposed",
    meaning: "what left of each subscriber, as far as a finding tells it apart",
    columns: [
      run,
      column("finding", "VARCHAR", "finding id"),
      column("subscriber", "VARCHAR", "pseudonym (or identity)"),
      column("packets", "BIGINT", "packets"),
      column("bytes", "BIGINT", "subscriber IP octets"),
      first,
      last,
    ],
  },
  gaps: {
    name: "gaps",
    meaning: "what was not seen, and what could not be decided",
    columns: [
      run,
      column("kind", "VARCHAR", "kind; `undecided` for what could not be decided"),
      column("point", "VARCHAR", "where, null for the whole run"),
      column("count", "BIGINT", "how many"),
      column("why", "VARCHAR", "one sentence"),
    ],
  },
} as const satisfies Record<string, Table>;

export type TableName = keyof typeof TABLES;
