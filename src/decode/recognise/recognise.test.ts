import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appCode, appName, type AppName, isManagement, isTransfer, recognise, serverName, snmpWrites } from "./recognise.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(text.replaceAll(/\s/g, "").match(/../g) ?? [], (h) => Number.parseInt(h, 16));
const text = (t: string): Uint8Array => Uint8Array.from(t, (c) => c.charCodeAt(0));
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => [...p]));
const zeros = (n: number): Uint8Array => new Uint8Array(n);

const TCP = 6;
const UDP = 17;
/** A port that hints at nothing. */
const ANY = 40_001;

interface Case {
  readonly app: AppName;
  readonly what: string;
  readonly transport: number;
  readonly bytes: Uint8Array;
  /** Of the responder. */
  readonly port?: number;
  readonly fromInitiator?: boolean;
}
const tcp = (app: AppName, what: string, bytes: Uint8Array, port = ANY, fromInitiator = true): Case => ({
  app,
  what,
  transport: TCP,
  bytes,
  port,
  fromInitiator,
});
const udp = (app: AppName, what: string, bytes: Uint8Array, port = ANY): Case => ({ app, what, transport: UDP, bytes, port });

const CLIENT_HELLO = hex(
  "16 0301 0043 01 00003f 0303 " + "ab".repeat(32) + "00 0002 1301 0100 0014 0000 0010 000e 00 000b 6578616d706c652e6e6574",
);
/** TLS 1.2 Certificate with the fields of RFC 5280 §4.1 up to the subject, CN=gw. */
const CERTIFICATE = ((): Uint8Array => {
  const seq = (...p: Uint8Array[]): Uint8Array => {
    const body = joined(...p);
    return joined(hex("30"), Uint8Array.of(body.length), body);
  };
  const name = (cn: string): Uint8Array =>
    seq(joined(hex("31"), Uint8Array.of(cn.length + 9), seq(hex("0603550403"), joined(hex("0c"), Uint8Array.of(cn.length), text(cn)))));
  const certificate = seq(seq(hex("a003020102"), hex("020101"), seq(hex("06032a0304")), name("ca"), seq(), name("gw")));
  const chain = joined(Uint8Array.of(0, 0, certificate.length), certificate);
  const message = joined(hex("0b"), Uint8Array.of(0, 0, chain.length + 3, 0, 0, chain.length), chain);
  return joined(hex("160303"), Uint8Array.of(0, message.length), message);
})();

const CASES: readonly Case[] = [
  tcp("ssh", "banner", text("SSH-2.0-OpenSSH_9.2p1 Debian\r\n")),
  tcp("ssh", "KEXINIT after the banner", joined(hex("00000054 06 14"), zeros(16), hex("00000012"), text("curve25519-sha256,"), zeros(46))),
  tcp("tls", "ClientHello", CLIENT_HELLO),
  tcp("tls", "Certificate", CERTIFICATE, ANY, false),
  tcp("tls", "application data, and another record", joined(hex("170303 0020"), zeros(32), hex("150303 0002 0100"))),
  tcp("tls", "change cipher spec", hex("140303 0001 01")),
  tcp("http", "request", text("GET / HTTP/1.1\r\nHost: element.example\r\n\r\n")),
  tcp("http", "response", text("HTTP/1.1 200 OK\r\n\r\n"), ANY, false),
  tcp(
    "cwmp",
    "Inform (TR-069)",
    text('POST /acs HTTP/1.1\r\nHost: acs\r\nSOAPAction: ""\r\n\r\n<e xmlns:cwmp="urn:dslforum-org:cwmp-1-0">'),
  ),
  tcp("winrm", "WS-Management", text("POST /wsman HTTP/1.1\r\nHost: h\r\n\r\n")),
  tcp("http2", "preface", text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
  tcp("http2", "server's SETTINGS", hex("000006 04 00 00000000 0003 00000064"), ANY, false),
  tcp("grpc", "preface with a gRPC request", joined(text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), hex("8b1d75d0620d263d4c4d6564"))),
  tcp("netconf", "hello in clear", text('<?xml version="1.0"?><hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">')),
  tcp("telnet", "negotiation", hex("fffd18 fffd20"), ANY, false),
  tcp("telnet", "one command", hex("fffb01"), ANY, false),
  tcp("telnet", "prompt on its port", text("\r\nlogin: "), 23, false),
  tcp("rdp", "connection request with negotiation", hex("0300 0013 0e e0 0000 0000 00 01 00 0800 0b000000")),
  tcp("rdp", "connection request with cookie", joined(hex("0300 0025 20 e0 0000 0000 00"), text("Cookie: mstshash=operato\r\n"))),
  tcp("vnc", "version", text("RFB 003.008\n"), ANY, false),
  tcp("smb", "negotiate", joined(hex("00000044 fe534d42 4000"), zeros(62))),
  tcp("ftp", "greeting", text("220 (vsFTPd 3.0.3)\r\n"), ANY, false),
  tcp("ftp", "login", text("USER backup\r\n"), 21),
  tcp("smtp", "greeting", text("220 mail ESMTP\r\n"), ANY, false),
  tcp("tacacs+", "authentication", hex("c0 01 01 00 12345678 00000004 01020304")),
  tcp("bgp", "open", joined(hex("ff".repeat(16) + "001d 01 04 fde8 00b4 0a000001 00"))),
  tcp("ldap", "bind", hex("300c 020101 6007 020103 0400 8000")),
  tcp("ldap", "bind response", hex("300c 020101 6107 0a0100 0400 0400"), ANY, false),
  tcp("kerberos", "AS-REQ", hex("0000001a 6a18 3016 a103 020105 a203 02010a a40a 3008 a007 0305005081 0000")),
  tcp("x11", "setup", hex("6c00 0b00 0000 0000 0000 0000")),
  tcp("mysql", "greeting", joined(hex("4a000000 0a"), text("8.0.31\0"), zeros(66)), ANY, false),
  tcp("postgresql", "SSLRequest", hex("00000008 04d2162f")),
  tcp("postgresql", "startup", joined(hex("0000000e 00030000"), text("user\0"), hex("00"))),
  tcp("redis", "command", text("*1\r\n$4\r\nPING\r\n")),
  tcp("kafka", "ApiVersions", joined(hex("00000013 0012 0003 00000001 0009"), text("console-p"))),
  tcp("mqtt", "connect", hex("100c 00044d515454 04 02 003c 0000")),
  tcp("rsync", "daemon", text("@RSYNCD: 31.0\n"), ANY, false),
  tcp("iperf", "cookie", text("abcdefghijklmnopqrstuvwxyz234567abcd\0")),
  tcp("rlogin", "names", text("\0root\0root\0xterm/38400\0"), 513),
  tcp("rsh", "error port", text("1022\0root\0root\0id\0"), 514),
  tcp("syslog", "counted", text("27 <13>1 - host app - - - hello")),
  tcp("dns", "over TCP", hex("001d 1234 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001")),
  tcp("diameter", "CER", hex("01 000020 80 000101 00000000 00000001 00000001 00000108 4000000c 61626364")),
  tcp("sip", "request", text("REGISTER sip:ims.example SIP/2.0\r\n")),
  tcp(
    "rpc",
    "call of a program of one's own",
    hex("80000028 00000001 00000000 00000002 20000457 0000000c 00000001 00000000 00000000 00000000 00000000"),
  ),
  tcp("rpc", "DCE bind", hex("05000b03 10000000 1800 0000 01000000 d016d016 00000000")),
  tcp("rpc", "NFS call", hex("80000028 00000001 00000000 00000002 000186a3 00000003 00000000 00000000 00000000 00000000 00000000")),
  udp("snmp", "v2c get", hex("3029 020101 0406 7075626c6963 a01c 02046f9a8b4d 020100 020100 300e 300c 0608 2b06010201010500 0500")),
  udp("snmp", "v3", hex("3010 020103 300b 020101 020300ffe3 0401 04")),
  udp("dns", "query", hex("1234 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001")),
  udp("radius", "Access-Request", joined(hex("01 07 001a"), zeros(16), hex("0106 0a0b0c0d"))),
  udp("dhcp", "discover", joined(hex("01 01 06 00"), zeros(232), hex("63825363 350101 ff"))),
  udp("ntp", "client, any port", joined(hex("23 00 06 ec"), zeros(44))),
  udp("ntp", "control, its port", hex("16 02 0001 0000 0000 0000 0000"), 123),
  udp("tftp", "read request", text("\0\x01config\0octet\0")),
  udp("ike", "IKE_SA_INIT", joined(zeros(16), hex("21 20 22 08 00000000 0000001c"))),
  udp("esp", "in UDP", joined(hex("12345678 00000001"), zeros(40)), 4500),
  udp("wireguard", "initiation", joined(hex("01000000"), zeros(144))),
  udp("quic", "initial", joined(hex("c3 00000001 08 0102030405060708 00"), zeros(1185))),
  udp("stun", "binding", hex("0001 0000 2112a442 000000000000000000000000")),
  udp("rtcp", "sender report", joined(hex("80c80006"), zeros(24))),
  udp("netflow", "v5", joined(hex("0005 0001"), zeros(68))),
  udp("netflow", "v9", joined(hex("0009 0001"), zeros(16), hex("0100 0008 00000000"))),
  udp("ipfix", "message", joined(hex("000a 0018"), zeros(12), hex("0100 0008 00000000"))),
  udp("sflow", "v5", joined(hex("00000005 00000001 0a000001 00000000 00000001 00000001 00000001 00000001 00000010"), zeros(16))),
  udp("ipmi", "session", hex("0600ff07 06 1000 0000000000000000000000")),
  udp("syslog", "BSD", text("<34>Oct 11 22:14:15 mme su: 'su root' failed")),
  udp("sip", "response", text("SIP/2.0 200 OK\r\n")),
  udp("ssdp", "search", text("M-SEARCH * HTTP/1.1\r\n")),
  udp("gtp-c", "echo", hex("40 01 0009 000000 00 0300 0100 00"), 2123),
  udp("gtp-u", "echo", hex("32 01 0004 00000000 0001 0000"), 2152),
  udp("pfcp", "heartbeat", hex("20 01 000c 000001 00 0060 0004 e0000000"), 8805),
  udp("gtp-prime", "echo", hex("0e 01 0000 0001"), 3386),
  udp("vxlan", "frame", joined(hex("08000000 00000100"), zeros(14)), 4789),
  udp("dtls", "hello", joined(hex("16 feff 0000 000000000000 000d 01"), zeros(12))),
];

function name(c: Case, bytes = c.bytes): string {
  const [src, dst] = c.fromInitiator === false ? [c.port ?? ANY, 50_000] : [50_000, c.port ?? ANY];
  return appName(recognise(bytes, 0, bytes.length, c.transport, src, dst, c.fromInitiator !== false));
}

describe("heads of protocols", () => {
  it.each(CASES.map((c) => [c.app, c.what, c] as const))("%s: %s", (app, _what, c) => expect(name(c)).toBe(app));

  it("are found at any offset of a larger buffer, and nowhere beyond the payload's end", () => {
    for (const c of CASES) {
      const padded = joined(hex("aabbcc"), c.bytes, hex("ddeeff"));
      const [src, dst] = c.fromInitiator === false ? [c.port ?? ANY, 50_000] : [50_000, c.port ?? ANY];
      expect(appName(recognise(padded, 3, 3 + c.bytes.length, c.transport, src, dst, c.fromInitiator !== false))).toBe(c.app);
      expect(recognise(padded, 3, padded.length + 1, c.transport, src, dst, true)).toBe(0);
    }
  });

  it("cut at every length, give the same answer or none", () => {
    for (const c of CASES) {
      for (let n = 0; n < c.bytes.length; n++) {
        // a buffer of exactly n octets: reading past its end would give undefined and show as NaN
        const found = name(c, c.bytes.slice(0, n));
        expect([c.app, "", "http2", "http", "telnet"], `${c.app} ${c.what} cut at ${n}: ${found}`).toContain(found);
      }
    }
  });

  it("with any octet changed, throw nothing", () => {
    let seed = 1;
    for (const c of CASES) {
      for (let i = 0; i < Math.min(c.bytes.length, 400); i++) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        const changed = c.bytes.slice();
        changed[i] = seed >>> 24;
        expect(typeof name(c, changed)).toBe("string");
        serverName(changed, 0, changed.length, appCode(c.app));
      }
    }
  });
});

describe("what must not be recognised", () => {
  it("random octets: at most one in 100,000", () => {
    let x = 0x2545f491;
    const pool = new Uint8Array(1 << 20);
    for (let i = 0; i < pool.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      pool[i] = x;
    }
    let found = 0;
    const rounds = 500_000;
    for (let i = 0; i < rounds; i++) {
      const at = (i * 131) % (pool.length - 300);
      if (recognise(pool, at, at + 1 + ((i * 7) % 250), i % 2 === 0 ? TCP : UDP, 40_000, 50_000, i % 3 === 0) !== 0) found++;
    }
    expect(found).toBeLessThanOrEqual(rounds / 100_000);
  });

  it("any octets, ports, bounds: no exception, a known code", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: -2, max: 305 }),
        fc.integer({ min: -2, max: 305 }),
        fc.constantFrom(TCP, UDP, 132),
        fc.constantFrom(22, 23, 53, 69, 110, 123, 500, 513, 514, 2123, 2152, 3389, 4500, 4789, 8805),
        fc.boolean(),
        (bytes, start, end, transport, port, initiator) => {
          const code = recognise(bytes, start, end, transport, port, 40_000, initiator);
          expect(code === 0 || appName(code) !== "").toBe(true);
          serverName(bytes, start, end, code);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["text that only looks like a request", TCP, text("GET lost\r\n")],
    ["TPKT of another protocol (ISO on TCP)", TCP, hex("0300 0016 11 e0 0000 0001 00 c0 01 0a c1 02 0100 c2 02 0102")],
    ["a record whose length does not fit", TCP, joined(hex("170303 0020"), zeros(32), hex("ff00ff00"))],
    ["zeros", UDP, zeros(64)],
    ["ones", UDP, new Uint8Array(64).fill(255)],
    ["IPv4 in UDP", UDP, joined(hex("45000054 00004000 40011234 0a000001 0a000002"), zeros(64))],
  ])("%s", (_what, transport, bytes) => expect(recognise(bytes, 0, bytes.length, transport, 40_000, 50_000, true)).toBe(0));
});

describe("names that flows call their servers", () => {
  it.each([
    ["TLS server name", CLIENT_HELLO, "tls", "example.net"],
    ["subject of a visible certificate", CERTIFICATE, "tls", "gw"],
    ["HTTP host", text("GET / HTTP/1.1\r\nAccept: */*\r\nhOST: element.example\r\n\r\n"), "http", "element.example"],
    ["SSH version", text("SSH-2.0-OpenSSH_9.2\r\n"), "ssh", "SSH-2.0-OpenSSH_9.2"],
    ["a host name with escape sequences is none", text("GET / HTTP/1.1\r\nHost: \x1b[31m\r\n\r\n"), "http", undefined],
  ] as const)("%s", (_what, bytes, app, expected) => expect(serverName(bytes, 0, bytes.length, appCode(app))).toBe(expected));

  it("cut at every length, never a part of the name", () => {
    for (let n = 0; n < CLIENT_HELLO.length; n++) expect(serverName(CLIENT_HELLO.slice(0, n), 0, n, appCode("tls"))).toBeUndefined();
  });
});

describe("tables", () => {
  it("management and transfer", () => {
    for (const n of ["ssh", "telnet", "tls", "http", "netconf", "snmp", "rdp", "cwmp"] as const)
      expect(isManagement(appCode(n))).toBe(true);
    for (const n of ["dns", "ntp", "syslog", "gtp-u", "diameter", "sip"] as const) expect(isManagement(appCode(n))).toBe(false);
    expect(isTransfer(appCode("ftp"))).toBe(true);
    expect(isTransfer(appCode("dns"))).toBe(false);
    expect([isManagement(0), isTransfer(0), appName(0), appName(9999)]).toEqual([false, false, "", ""]);
  });

  it("SNMP: reading, changing, not visible", () => {
    const get = hex("3029 020101 0406 7075626c6963 a01c 02046f9a8b4d 020100 020100 300e 300c 0608 2b06010201010500 0500");
    const set = get.slice();
    set[13] = 0xa3;
    expect([snmpWrites(get, 0, get.length), snmpWrites(set, 0, set.length), snmpWrites(zeros(20), 0, 20)]).toEqual([
      false,
      true,
      undefined,
    ]);
  });
});

/** What tshark calls the protocols that we name otherwise. */
const THEIRS: Readonly<Record<string, readonly string[]>> = {
  "gtp-c": ["gtp", "gtpv2"],
  "gtp-u": ["gtp"],
  "gtp-prime": ["gtpprime"],
  dns: ["dns", "mdns", "llmnr"],
  ike: ["isakmp", "udpencap"],
  esp: ["udpencap"],
  netflow: ["cflow"],
  ipfix: ["cflow"],
  // tshark keeps HTTP/2 apart by port
  http2: ["http2", "http"],
  grpc: ["http2", "http"],
  tls: ["tls", "ssl"],
  // on odd ports only after its heuristics were told to
  stun: ["stun", "-"],
};

describe("against tshark", () => {
  const files = globSync(
    "../shared/captures/{payload_*,claims-examples/*/*.pcap,lte-lab/*/oam.pcap.gz,liserver*,open5gs_5g_roaming*,ndpi_*,sngrep*}",
  );
  const tshark = spawnSync("tshark", ["--version"]).status === 0;
  if (files.length === 0 || !tshark) console.warn("SKIPPED: tshark or ../shared/captures is absent, recognition was not compared");

  it.skipIf(files.length === 0 || !tshark)("never names a payload otherwise, and names what tshark names by content", () => {
    const others: string[] = [];
    const named = new Map<string, number>();
    for (const file of files) {
      for (const packet of payloads(file)) {
        const ours = appName(
          recognise(packet.bytes, 0, packet.bytes.length, packet.transport, packet.src, packet.dst, packet.src > packet.dst),
        );
        if (ours === "") continue;
        named.set(ours, (named.get(ours) ?? 0) + 1);
        const accepted = THEIRS[ours] ?? [ours];
        // tshark names a message of several segments at its last one
        if (packet.protocol === "-" && packet.transport === TCP) continue;
        if (!accepted.includes(packet.protocol)) others.push(`${file}#${packet.frame}: ours ${ours}, tshark ${packet.protocol}`);
      }
    }
    expect(others).toEqual([]);
    for (const [app, least] of [
      ["ssh", 10],
      ["tls", 400],
      ["http", 400],
      ["dns", 600],
      ["ntp", 100],
      ["syslog", 50],
      ["snmp", 14],
      ["sip", 50],
      ["pfcp", 50],
    ] as const)
      expect(named.get(app) ?? 0, app).toBeGreaterThanOrEqual(least);
  });
});

interface Payload {
  readonly frame: string;
  readonly protocol: string;
  readonly transport: number;
  readonly src: number;
  readonly dst: number;
  readonly bytes: Uint8Array;
}

/** Innermost TCP or UDP payload of each frame, and the first protocol that tshark sees in it. */
function* payloads(file: string): Generator<Payload> {
  const fields = [
    "frame.number",
    "frame.protocols",
    "tcp.srcport",
    "tcp.dstport",
    "udp.srcport",
    "udp.dstport",
    "tcp.payload",
    "udp.payload",
  ];
  const run = spawnSync(
    "tshark",
    ["-r", file, "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", ...fields.flatMap((f) => ["-e", f])],
    {
      maxBuffer: 1 << 30,
      encoding: "utf8",
    },
  );
  const last = (list: string | undefined): string => (list ?? "").split(",").at(-1) ?? "";
  for (const row of run.stdout.split("\n")) {
    const [frame = "", stack = "", tcpSrc, tcpDst, udpSrc, udpDst, tcpPayload, udpPayload] = row.split("|");
    const protocols = stack.split(":");
    const at = Math.max(protocols.lastIndexOf("tcp"), protocols.lastIndexOf("udp"));
    const isTcp = protocols[at] === "tcp";
    const data = last(isTcp ? tcpPayload : udpPayload);
    // packets quoted in ICMP errors are cut
    if (at < 0 || data === "" || protocols.includes("icmp")) continue;
    yield {
      frame,
      protocol: protocols.slice(at + 1).find((p) => p !== "data" && p !== "tcp.segments") ?? "-",
      transport: isTcp ? TCP : UDP,
      src: Number(last(isTcp ? tcpSrc : udpSrc)),
      dst: Number(last(isTcp ? tcpDst : udpDst)),
      bytes: hex(data.replaceAll(":", "")),
    };
  }
}
