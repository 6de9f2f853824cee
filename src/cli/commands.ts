/**
 * The commands of `contract.md` §2: their arguments and options, and where their work is. A command's module is imported
 * when the command runs, so that `--help` and a small decode start at once. One row a command; a command without a module
 * has no row.
 */
import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import type { Readable, Writable } from "node:stream";
import { readMemory } from "#run/memory.ts";
import { brokerOptions } from "./brokers.ts";
import { SHELLS, type Shell } from "./completion.ts";

export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Answers the exit code. */
type Run = (
  positional: readonly (string | readonly string[] | undefined)[],
  options: Readonly<Record<string, unknown>>,
  io: CommandIo,
) => Promise<number>;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  define(command: Command): Command;
  /** What Ctrl-C leaves and how to go on; a command that keeps something says it itself as it goes. Default: nothing was written. */
  readonly interrupted?: string;
  readonly run: Run;
}

const CAPTURES = "captures (pcap, pcapng, gzip or zstd), directories of captures, or - for standard input";

const KAFKA_TEXTS = ["tlsCa", "tlsCert", "tlsKey", "saslUser", "saslPasswordFile", "saslMechanism"] as const;

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "scan",
    summary: "the main job: read captures, find what nobody authorised",
    define: (c) =>
      c
        .argument("<capture...>", CAPTURES)
        .option("--network <file>", "network declaration (YAML or JSON)")
        .option("--seal <file>", "seal of the declaration and tap map (tapproof seal --network): findings may then be attested")
        .option("--beacon <value>", "newest value of a public random beacon: what is recorded is not older than it")
        .option("--warrants <file>", "register of warrants (YAML, JSON or CSV)")
        .option("--sealed <file>", "an authority's sealed entries; may be repeated", collect, [])
        .option("--answers <file>", "an authority's answers to earlier questions; may be repeated", collect, [])
        .option("--authority <file>", "authority.json of an authority whose sealed entries count; may be repeated", collect, [])
        .option("--tls-keys <file>", "TLS key log of the network's own functions (the format of SSLKEYLOGFILE)")
        .option("--case <dir>", "keep observations and evidence in a folder")
        .option("--append", "add to a case that is there already")
        .option("--basis <text>", "on which ground the case is kept: law, authority, purpose")
        .addOption(keysFolder())
        .option("--signing-key <file>", "key that signs the case's log (default: this installation's)")
        .option("--case-keys <file>", "keys.json of another case: the same inputs then give the same records")
        .option("--json", "print one JSON document instead of the summary")
        .option("--sample <1/N>", "search one packet in N for copies, the same ones at every point")
        .addOption(memory())
        .option("--copy-memory <MiB>", "memory for the search for copies; 0 leaves it out", wholeNumber(0, 65_536))
        .option("--threads <n>", "threads to use", wholeNumber(1, 256))
        .addOption(oneOf("--fail-on <grade>", "exit with 1 where a finding reaches this grade", ["indication", "corroborated", "proven"]))
        .option("--identities", "show identities in clear (default: pseudonyms); with --case it needs --reason")
        .option("--reason <text>", "why identities are shown; recorded in the case")
        .option("--skip-bad", "go on without inputs that cannot be used, and list them"),
    run: async ([captures], options, io) => {
      const { scanCommand } = await import("./scan.ts");
      return scanCommand(
        {
          captures: list(captures),
          append: options["append"] === true,
          json: options["json"] === true,
          skipBad: options["skipBad"] === true,
          identities: options["identities"] === true,
          sealed: list(options["sealed"] as readonly string[]),
          answers: list(options["answers"] as readonly string[]),
          authorities: list(options["authority"] as readonly string[]),
          ...numbers(options, ["copyMemory", "threads"]),
          ...texts(options, [
            "network",
            "seal",
            "beacon",
            "warrants",
            "tlsKeys",
            "case",
            "sample",
            "failOn",
            "reason",
            "basis",
            "signingKey",
            "caseKeys",
          ]),
        },
        io,
      );
    },
  },
  {
    name: "watch",
    summary: "the same as scan on live traffic, without end",
    define: (c) =>
      withAlerts(c)
        .option("-i, --interface <name...>", "interfaces to watch, each a point of its own", collect, [])
        .option("-r, --read <path...>", "- for standard input, a named pipe, or a folder into which captures are written", collect, [])
        .option("--mirror <[address:]port...>", "UDP port at which a mirror arrives (VXLAN, TZSP, ERSPAN or GRE in UDP)", collect, [])
        .option("--pcap-over-ip <host:port...>", "capture from a TCP connection", collect, [])
        .option("--network <file>", "network declaration (YAML or JSON)")
        .option("--warrants <file>", "register of warrants (YAML, JSON or CSV)")
        .option("--sealed <file>", "an authority's sealed entries; may be repeated", collect, [])
        .option("--answers <file>", "an authority's answers to earlier questions; may be repeated", collect, [])
        .option("--authority <file>", "authority.json of an authority whose sealed entries count; may be repeated", collect, [])
        .option("--tls-keys <file>", "TLS key log of the network's own functions (the format of SSLKEYLOGFILE)")
        .option("--case <dir>", "keep what is found in a case")
        .option("--append", "add to a case that is there already")
        .option("--basis <text>", "on which ground the case is kept: law, authority, purpose")
        .addOption(keysFolder())
        .option("--signing-key <file>", "key that signs the case's log (default: this installation's)")
        .option("--json", "one JSON object a line as things happen")
        .option("--duration <seconds>", "end after so many seconds", wholeNumber(1, 10 * 366 * 86_400))
        .option("--sample <1/N>", "search one packet in N for copies, the same ones at every point")
        .addOption(memory())
        .option("--copy-memory <MiB>", "memory for the search for copies; 0 leaves it out", wholeNumber(0, 65_536))
        .addOption(oneOf("--tool <program>", "program that opens the interface (default: whichever is there)", ["tcpdump", "dumpcap"]))
        .option("--shed", "sample and drop when behind, also where the source could wait")
        .option("--coverage-every <seconds>", "between two coverage statements (default: 60)", wholeNumber(1, 86_400))
        .option(
          "--buffer-memory <MiB>",
          "packets of live links kept for carving evidence (default: 128, with --case)",
          wholeNumber(0, 65_536),
        )
        .option("--buffer-seconds <seconds>", "for how long they are kept (default: 60)", wholeNumber(1, 86_400))
        .option("--metrics-port <port>", "serve /metrics and /health on 127.0.0.1; 0 takes any free port", wholeNumber(0, 65_535))
        .addOption(oneOf("--fail-on <grade>", "exit with 1 where a finding reaches this grade", ["indication", "corroborated", "proven"])),
    run: async (_, options, io) => {
      const { watchCommand } = await import("./watch.ts");
      return watchCommand(
        {
          interfaces: list(options["interface"] as readonly string[]),
          read: list(options["read"] as readonly string[]),
          mirror: list(options["mirror"] as readonly string[]),
          pcapOverIp: list(options["pcapOverIp"] as readonly string[]),
          append: options["append"] === true,
          json: options["json"] === true,
          shed: options["shed"] === true,
          sealed: list(options["sealed"] as readonly string[]),
          answers: list(options["answers"] as readonly string[]),
          authorities: list(options["authority"] as readonly string[]),
          ...numbers(options, ["duration", "copyMemory", "coverageEvery", "metricsPort", "bufferMemory", "bufferSeconds"]),
          ...texts(options, ["network", "warrants", "tlsKeys", "case", "basis", "signingKey", "sample", "tool", "failOn", ...ALERTS]),
        },
        io,
      );
    },
  },
  {
    name: "sensor",
    summary: "near the wire: senses captures or interfaces and sends facts to Kafka",
    define: (c) =>
      brokerOptions(c)
        .argument("[capture...]", CAPTURES)
        .requiredOption("--brokers <host:port,...>", "Kafka's brokers")
        .requiredOption("--network <file>", "network declaration (YAML or JSON)")
        .option("-i, --interface <name...>", "interfaces to sense, each a point of its own", collect, [])
        .option("--name <name>", "name of this sensor (default: this machine's)")
        .addOption(memory())
        .option("--signing-key <file>", "key that signs what is sent (default: this installation's sensor.key)")
        .option("--spool <dir>", "new folder for what waits while Kafka is away (default: a temporary one)")
        .option("--spool-size <MiB>", "what may wait there (default: 1024)", wholeNumber(0, 1_048_576)),
    run: async ([captures], options, io) => {
      const { sensorCommand } = await import("./sensor.ts");
      return sensorCommand(
        {
          captures: list(captures),
          interfaces: list(options["interface"] as readonly string[]),
          brokers: String(options["brokers"]),
          tls: options["tls"] === true,
          network: String(options["network"]),
          ...numbers(options, ["spoolSize"]),
          ...texts(options, [...KAFKA_TEXTS, "name", "signingKey", "spool"]),
        },
        io,
      );
    },
  },
  {
    name: "correlate",
    summary: "joins and judges what a network's sensors sent to Kafka, and tells what it finds, as a member of a consumer group",
    define: (c) =>
      brokerOptions(c)
        .requiredOption("--brokers <host:port,...>", "Kafka's brokers")
        .requiredOption("--network <file>", "network declaration (YAML or JSON)")
        .option("--name <name>", "name of this correlator (default: this machine's)")
        .option("--signing-key <file>", "key that signs what is told (default: this installation's correlator.key)")
        .option("--case-keys <file>", "keys.json of a case: pseudonyms are then those of that case")
        .option("--warrants <file>", "register of warrants (YAML, JSON or CSV)")
        .option(
          "--sensors <file>",
          "sensors whose records are taken: a line each, name and verifier key (default: the first key of each name)",
        )
        .option("--idle <seconds>", "end after so many seconds without a record", wholeNumber(1, 1_000_000))
        .addOption(oneOf("--fail-on <grade>", "exit with 1 where a finding reaches this grade", ["indication", "corroborated", "proven"]))
        .option("--json", "print one JSON document at the end"),
    run: async (_, options, io) => {
      const { correlateCommand } = await import("./correlate.ts");
      return correlateCommand(
        {
          brokers: String(options["brokers"]),
          tls: options["tls"] === true,
          network: String(options["network"]),
          json: options["json"] === true,
          ...numbers(options, ["idle"]),
          ...texts(options, [...KAFKA_TEXTS, "warrants", "sensors", "failOn", "name", "signingKey", "caseKeys"]),
        },
        io,
      );
    },
  },
  {
    name: "learn",
    summary: "draft a network declaration from traffic, for a person to review",
    interrupted: "no draft was written; run the same command again",
    define: (c) =>
      c
        .argument("<capture...>", CAPTURES)
        .option("--out <file>", "new file to write the draft to (default: standard output)")
        .option("--skip-bad", "go on without inputs that cannot be used"),
    run: async ([captures], options, io) => {
      const { learnCommand } = await import("./learn.ts");
      return learnCommand({ captures: list(captures), skipBad: options["skipBad"] === true, ...texts(options, ["out"]) }, io);
    },
  },
  {
    name: "query",
    summary: "SQL over a case's observations",
    define: (c) =>
      c
        .argument("<dir>", "case folder")
        .argument("[sql]", "one statement; without it the tables are listed")
        .option("--json", "one JSON object a row"),
    run: async ([directory, sql], options, io) => {
      const { queryCommand } = await import("./query.ts");
      return queryCommand(
        { directory: String(directory), sql: sql === undefined ? undefined : String(sql), json: options["json"] === true },
        io,
      );
    },
  },
  {
    name: "verify",
    summary: "check a bundle offline: integrity (L1), arithmetic (L2), replay on the captures (L3)",
    define: (c) =>
      c
        .argument("<bundle>", "bundle (*.tapproof)")
        .option("--key <file>", "verifier key of who is expected to have signed (tapproof.pub)")
        .option("--any-signer", "accept whoever signed; the origin is then not checked")
        .option("--checkpoint <file>", "a checkpoint of the same log that was seen before: finds a rollback")
        .option("--witness <file...>", "verifier keys of witnesses that must have cosigned")
        .option("--party <file...>", "verifier keys of a seal's installer and third party, whom you know to be independent")
        .option("--captures <dir...>", "the full captures, or their folders: replays the detectors (L3)")
        .option(
          "--warrants <file>",
          "register of warrants, where the scan had one (for --captures; default: warrants.yaml, .json, .csv in its folder)",
        )
        .option("--sealed <file...>", "sealed registers, where the scan had them (for --captures)")
        .option("--answers <file...>", "answers to sealed registers, where the scan had them (for --captures)")
        .option("--authority <file...>", "authority.json of the authorities that you trust, where sealed registers are given")
        .option("--tls-keys <file>", "TLS key log, where the scan had one (for --captures)")
        .option("--json", "print the result as one JSON document"),
    run: async ([bundle], options, io) => {
      const { verifyCommand } = await import("./verify.ts");
      return verifyCommand(
        {
          bundle: String(bundle),
          anySigner: options["anySigner"] === true,
          witnesses: list(options["witness"] as string[] | undefined),
          parties: list(options["party"] as string[] | undefined),
          captures: list(options["captures"] as string[] | undefined),
          sealed: list(options["sealed"] as string[] | undefined),
          answers: list(options["answers"] as string[] | undefined),
          authorities: list(options["authority"] as readonly string[]),
          json: options["json"] === true,
          ...texts(options, ["key", "checkpoint", "warrants", "tlsKeys"]),
        },
        io,
      );
    },
  },
  {
    name: "bundle",
    summary: "make the bundle of a case again, of some findings, or with something opened",
    define: (c) =>
      c
        .argument("<dir>", "case folder")
        .option("--out <file>", "where to write it (default: in the case folder, under its name)")
        .option("--finding <id...>", "only these findings (ids, or their first digits)")
        .option("--open <what...>", "open one commitment: subscriber N, identity N, packet N (from 0); needs --reason")
        .option("--challenge <random>", "open the matched pairs that this public random value picks; needs --reason")
        .option("--pairs <n>", "how many pairs a challenge opens", wholeNumber(1, 64), 3)
        .option("--with-packets", "put the finding's packets in as they were captured; needs --reason")
        .option("--reason <text>", "why something is opened; recorded in the case's log")
        .option("--by <name>", "who opens it; recorded in the case's log (default: the account)")
        .option("--captures <dir...>", "where the captures lie now (default: where they were scanned)")
        .addOption(keysFolder())
        .option("--signing-key <file>", "key that signs the case's log (default: this installation's)"),
    run: async ([directory], options, io) => {
      const { bundleCommand } = await import("./bundle.ts");
      return bundleCommand(
        {
          directory: String(directory),
          findings: list(options["finding"] as string[] | undefined),
          open: list(options["open"] as string[] | undefined),
          pairs: Number(options["pairs"]),
          withPackets: options["withPackets"] === true,
          captures: list(options["captures"] as string[] | undefined),
          ...texts(options, ["out", "challenge", "reason", "by", "signingKey"]),
        },
        io,
      );
    },
  },
  {
    name: "challenge",
    summary: "which matched pairs of a finding a public random value picks, for its custodian to open",
    define: (c) =>
      c
        .argument("<of>", "bundle, or case folder")
        .requiredOption("--random <value>", "public random value, drawn after the bundle was made")
        .option("--pairs <n>", "how many pairs", wholeNumber(1, 64), 3)
        .option("--finding <id>", "of this finding (id, or its first digits)")
        .option("--json", "print JSON"),
    run: async ([of], options, io) => {
      const { challengeCommand } = await import("./bundle.ts");
      return challengeCommand(
        {
          of: String(of),
          random: String(options["random"]),
          pairs: Number(options["pairs"]),
          json: options["json"] === true,
          ...texts(options, ["finding"]),
        },
        io,
      );
    },
  },
  {
    name: "report",
    summary: "render a case: page, PDF, or an exchange format",
    define: (c) =>
      c
        .argument("<dir>", "case folder")
        .addOption(keysFolder())
        .addOption(oneOf("--lang <language>", "language of page and PDF", ["en", "fr"]).default("en"))
        .addOption(
          oneOf("--format <format>", "what to write", [
            "html",
            "pdf",
            "stix",
            "case",
            "ocsf",
            "misp",
            "eve",
            "syslog",
            "zeek",
            "csv",
            "parquet",
          ]).default("html"),
        )
        .option("--out <file>", "file to write, - for standard output (default: in the case folder)")
        .option("--li-cleared", "the reader may see findings about interception (default: they are left out)")
        .option("--by <name>", "author on the first page of page and PDF (default: the account)")
        .option("--without-identities", "pseudonyms alone, though the case was made with --identities")
        .option("--handed-over <when>", "record that the accused vendor had the bundle: now, or a time (RFC 3339)")
        .option("--reply <file>", "record the vendor's reply; it becomes part of the case and its bundles")
        .option("--reply-days <n>", "days that the vendor has to reply (default: 30)", wholeNumber(1, 3650))
        .option("--vendor <name>", "vendor that --handed-over and --reply are about")
        .option("--signing-key <file>", "key that signs the case's log (default: the installation's)"),
    run: async ([directory], options, io) => {
      const { reportCommand } = await import("./report.ts");
      const days = options["replyDays"];
      return reportCommand(
        {
          directory: String(directory),
          lang: String(options["lang"]),
          format: String(options["format"]),
          withoutIdentities: options["withoutIdentities"] === true,
          liCleared: options["liCleared"] === true,
          ...(typeof days === "number" ? { replyDays: days } : {}),
          ...texts(options, ["out", "by", "handedOver", "reply", "vendor", "signingKey"]),
        },
        io,
      );
    },
  },
  {
    name: "dossier",
    summary: "per vendor and network: which conditions held, were broken, could not be observed",
    define: (c) =>
      c
        .argument("<dir...>", "case folders")
        .option("--conditions <file>", "conditions to judge by (YAML or JSON; default: the ones that come along)")
        .option("--vendor <name>", "only this vendor")
        .addOption(oneOf("--lang <language>", "language", ["en", "fr"]).default("en"))
        .option("--li-cleared", "the reader may see findings about interception (default: they are left out)")
        .addOption(oneOf("--format <format>", "text, one JSON document, or a page", ["text", "json", "html"]).default("text"))
        .option("--json", "the same as --format json")
        .option("--out <file>", "file to write (default: standard output)"),
    run: async ([directories], options, io) => {
      const { dossierCommand } = await import("./dossier.ts");
      return dossierCommand(
        {
          directories: list(directories),
          lang: String(options["lang"]),
          format: options["json"] === true ? "json" : String(options["format"]),
          liCleared: options["liCleared"] === true,
          ...texts(options, ["conditions", "vendor", "out"]),
        },
        io,
      );
    },
  },
  {
    name: "compare",
    summary: "two cases of one network: what is new since the last scan, what has gone",
    define: (c) =>
      c
        .argument("<before>", "case of the former scan")
        .argument("<after>", "case of the later scan")
        .addOption(oneOf("--lang <language>", "language", ["en", "fr"]).default("en"))
        .option("--li-cleared", "the reader may see findings about interception (default: they are left out)")
        .option("--json", "one JSON document"),
    run: async ([before, after], options, io) => {
      const { compareCommand } = await import("./compare.ts");
      return compareCommand(
        {
          before: String(before),
          after: String(after),
          lang: String(options["lang"]),
          liCleared: options["liCleared"] === true,
          json: options["json"] === true,
        },
        io,
      );
    },
  },
  {
    name: "decode",
    summary: "print control-plane messages, one a line",
    interrupted: "what was printed stands; the same command begins at the first message again",
    define: (c) =>
      c
        .argument("<capture...>", CAPTURES)
        .option("--json", "one JSON object a line")
        .option("--identities", "show identities in clear (default: pseudonyms)")
        .option("--tls-keys <file>", "TLS key log of the network's own functions (the format of SSLKEYLOGFILE)")
        .option("--skip-bad", "go on without inputs that cannot be used"),
    run: async ([captures], options, io) => {
      const { decodeCommand } = await import("./decode.ts");
      return decodeCommand(
        {
          captures: list(captures),
          json: options["json"] === true,
          identities: options["identities"] === true,
          ...texts(options, ["tlsKeys"]),
          skipBad: options["skipBad"] === true,
        },
        io,
      );
    },
  },
  {
    name: "warrant",
    summary: "an authority's sealed entries: key, seal, answer (docs/register.md)",
    define: (c) =>
      c
        .argument("<action>", "key, seal or answer")
        .argument("[file...]", "seal: the register of warrants; answer: questions of a case")
        .option("--authority <name>", "key: name of the authority")
        .option("--key <file>", "seal, answer: the authority's key")
        .option("--sealed <file>", "answer: the sealed entries that were asked about")
        .option("--openings <file>", "answer: the openings that seal wrote")
        .option("--out <path>", "new file (answer) or folder (key, seal) to write to"),
    run: async ([action, files], options, io) => {
      const { warrantCommand } = await import("./warrant.ts");
      return warrantCommand(
        { action: String(action), files: list(files), ...texts(options, ["authority", "key", "sealed", "openings", "out"]) },
        io,
      );
    },
  },
  {
    name: "serve",
    summary: "the web application on 127.0.0.1; prints its address first",
    define: (c) =>
      withAlerts(c)
        .argument("[dir...]", "cases, or folders of cases; without one the page takes captures and makes a case")
        .option("--port <n>", "port (default: one that is free)", wholeNumber(0, 65_535))
        .option("--no-open", "do not open a browser")
        .option("--host <address>", "where to listen; on anything but loopback a token is needed", "127.0.0.1")
        .option("--allow-host <name...>", "names besides the address by which the page may be reached")
        .option("--trust-proxy <address...>", "proxies whose X-Forwarded-For and -Proto are believed (addresses or prefixes)")
        .option("--token-file <file>", "file that holds the token (default: one is drawn and printed, unless on loopback)")
        .option("--li-cleared", "whoever uses the page may see findings about interception and the register")
        .option("--users <file>", "users with names, tokens and rights of their own (YAML, docs/web.md); everybody logs in")
        .option("--warrants <file>", "register of warrants, held in memory; needs --li-cleared, or a user who is cleared")
        .option("--tac-list <file>", "device types of the operator (CSV with tac, manufacturer, model)")
        .addOption(keysFolder())
        .option("--signing-key <file>", "key that signs the logs of cases (default: the installation's own)")
        .option("--max-upload <octets>", "largest capture that may be handed in", wholeNumber(1, 999_999_999_999_999))
        .option("--any-user", "answer loopback connections of other users of this machine, too"),
    run: async ([directories], options, io) => {
      const { serveCommand } = await import("./serve.ts");
      const { maxUpload } = options;
      return serveCommand(
        {
          directories: list(directories),
          port: typeof options["port"] === "number" ? options["port"] : 0,
          host: String(options["host"]),
          open: options["open"] !== false,
          allowHosts: Array.isArray(options["allowHost"]) ? options["allowHost"].map(String) : [],
          trustProxy: Array.isArray(options["trustProxy"]) ? options["trustProxy"].map(String) : [],
          liCleared: options["liCleared"] === true,
          anyUser: options["anyUser"] === true,
          ...(typeof maxUpload === "number" ? { maxUpload } : {}),
          ...texts(options, ["users", "warrants", "tacList", "tokenFile", "signingKey", ...ALERTS]),
        },
        io,
      );
    },
  },
  {
    name: "lab",
    summary: "write labelled captures of a scenario, for tests",
    interrupted: "the cases that are whole stay in the folder; name a new folder and run the command again",
    define: (c) =>
      c
        .argument("[scenario]", "name of a scenario, or all")
        .option("--out <dir>", "new folder to write to")
        .option("--seed <text>", "the same seed gives the same octets", "tapproof")
        .option("--list", "list the scenarios")
        .option("--json", "list as JSON"),
    run: async ([scenario], options, io) => {
      const { labCommand } = await import("./lab.ts");
      return labCommand(
        {
          scenario: scenario === undefined ? undefined : String(scenario),
          out: texts(options, ["out"]).out,
          seed: texts(options, ["seed"]).seed ?? "tapproof",
          list: options["list"] === true,
          json: options["json"] === true,
        },
        io,
      );
    },
  },
  {
    name: "score",
    summary: "score findings against truth",
    define: (c) =>
      c
        .argument("<truth>", "truth.json, or a folder of cases")
        .argument("<findings>", "output of scan --json, or a folder of them")
        .option("--json", "print JSON"),
    run: async ([truth, findings], options, io) => {
      const { scoreCommand } = await import("./score.ts");
      return scoreCommand({ truth: String(truth), findings: String(findings), json: options["json"] === true }, io);
    },
  },
  {
    name: "seal",
    summary: "have a case witnessed; or seal declaration and tap map before anything is captured (docs/log.md)",
    define: (c) =>
      c
        .argument("[dir]", "case folder whose log is to be witnessed")
        .option("--witness <url>", "ask this witness (C2SP tlog-witness); may be repeated", collect, [])
        .option("--witness-key <key>", "its verifier key, or a file that holds it; in the order of --witness", collect, [])
        .option("--quorum <k>", "how many of them make the case witnessed (default: all)", wholeNumber(1, 256))
        .option("--policy <file>", "C2SP tlog-policy: witnesses, groups, quorum; kept by the log for good")
        .option("--tsa <url>", "RFC 3161 time-stamping authority to ask as well")
        .option("--tsa-ca <file>", "certificates (PEM) that its certificate must lead to")
        .option("--network <file>", "seal this declaration and its points; with --sign: compare the seal with it")
        .option("--party <role,side,name,key>", "who is to sign: operator, installer, third-party; accuser, accused, neither", collect, [])
        .option("--points <file>", "a document of the taps (protocol, photograph, plan) to put in by its hash", collect, [])
        .option("--sign <file>", "add a signature to a seal")
        .option("--out <file>", "new file for the seal (default: FILE.seal)")
        .option("--signing-key <file>", "sign with this key instead of the installation's")
        .option("--json", "print JSON"),
    run: async ([directory], options, io) => {
      const { sealCommand } = await import("./seal.ts");
      return sealCommand(
        {
          ...(directory === undefined ? {} : { directory: String(directory) }),
          witness: list(options["witness"] as string[]),
          witnessKey: list(options["witnessKey"] as string[]),
          party: list(options["party"] as string[]),
          points: list(options["points"] as string[]),
          json: options["json"] === true,
          ...numbers(options, ["quorum"]),
          ...texts(options, ["policy", "tsa", "tsaCa", "network", "sign", "out", "signingKey"]),
        },
        io,
      );
    },
  },
  {
    name: "witness",
    summary: "cosign other people's logs: a transparency log witness (C2SP tlog-witness)",
    define: (c) =>
      c
        .option("--logs <file>", "logs that may be cosigned: 'log <verifier key>' a line")
        .option("--state <dir>", "folder of what was cosigned; never go back to an older copy of it")
        .option("--key <file>", "cosign with this key instead of the installation's")
        .option("--host <address>", "listen on this address (default: 127.0.0.1)")
        .option("--port <n>", "port; 0 takes any that is free", wholeNumber(0, 65535), 7531)
        .option("--show-key", "print the verifier key that policies name, and end")
        .option("--quiet", "no line a request"),
    run: async (_, options, io) => {
      const { witnessCommand } = await import("./witness.ts");
      return witnessCommand(
        {
          port: Number(options["port"]),
          showKey: options["showKey"] === true,
          quiet: options["quiet"] === true,
          ...texts(options, ["logs", "state", "key", "host"]),
        },
        io,
      );
    },
  },
  {
    name: "custody",
    summary: "who did what with a case, and on which basis",
    define: (c) =>
      c
        .argument("<dir>", "case folder")
        .option("--add <action>", "record what was done: opened, read, exported, handed-over, received-reply, ...")
        .option("--by <name>", "who did it (default: the account)")
        .option("--note <text>", "what else is to be known; no identities")
        .option("--law <text>", "basis: statute or contract")
        .option("--authority <text>", "basis: who ordered or allowed it")
        .option("--purpose <text>", "basis: what it is for")
        .option("--hand-over <folder>", "copy the case without its keys into a new folder, and record it")
        .option("--intake <capture>", "record how a capture came in: its file, or its SHA-256")
        .option("--place <text>", "intake: where it was captured")
        .option("--method <method>", "intake: tap, span, broker, host, file, unknown")
        .option("--tool <text>", "intake: what captured it")
        .option("--drops <n>", "intake: packets the capturing side lost", wholeNumber(0, 2 ** 53 - 1))
        .option("--from <name>", "intake: who handed it over")
        .option("--check", "read the case's whole log and compute it again")
        .option("--proof <index>", "print the proof (C2SP tlog-proof) that this entry is in the log", wholeNumber(0, 2 ** 53 - 1))
        .addOption(keysFolder())
        .option("--signing-key <file>", "sign with this key instead of the installation's")
        .option("--json", "one JSON object a line"),
    run: async ([directory], options, io) => {
      const { custodyCommand } = await import("./custody.ts");
      return custodyCommand(
        {
          directory: String(directory),
          check: options["check"] === true,
          json: options["json"] === true,
          ...numbers(options, ["drops", "proof"]),
          ...texts(options, [
            "add",
            "by",
            "note",
            "law",
            "authority",
            "purpose",
            "handOver",
            "intake",
            "place",
            "method",
            "tool",
            "from",
            "signingKey",
          ]),
        },
        io,
      );
    },
  },
  {
    name: "completion",
    summary: "print what a shell needs to complete commands and options",
    define: (c) => c.addArgument(new Argument("<shell>", "bash: source <(tapproof completion bash); zsh and fish alike").choices(SHELLS)),
    run: async ([shell], _, io) => {
      const [{ completionCommand }, { makeProgram }] = await Promise.all([import("./completion.ts"), import("./program.ts")]);
      return completionCommand(shell as Shell, makeProgram(COMMANDS), io);
    },
  },
];

/** Options that are texts, where they were given. */
export function texts<K extends string>(options: Readonly<Record<string, unknown>>, names: readonly K[]): Partial<Record<K, string>> {
  const given: Partial<Record<K, string>> = {};
  for (const name of names) if (typeof options[name] === "string") given[name] = options[name];
  return given;
}

/** The named numbers that were given. */
export function numbers<K extends string>(options: Readonly<Record<string, unknown>>, names: readonly K[]): Partial<Record<K, number>> {
  const given: Partial<Record<K, number>> = {};
  for (const name of names) if (typeof options[name] === "number") given[name] = options[name];
  return given;
}

export function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** An option that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** A whole number within bounds, for an option's value. */
export function wholeNumber(low: number, high: number): (value: string) => number {
  return (value) => {
    const n = Number(value);
    if (!/^\d{1,15}$/.test(value) || n < low || n > high) throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
    return n;
  };
}

/** One of a few words. */
export /** Where a finding goes that reaches a grade: of a watch, and of scans that a server makes. */
function withAlerts(c: Command): Command {
  return c
    .addOption(oneOf("--alert-grade <grade>", "least grade of an alert (default: corroborated)", ["indication", "corroborated", "proven"]))
    .option("--alert-webhook <url>", "post alerts there as JSON")
    .option("--alert-syslog <[tcp:]host:port>", "send alerts as syslog (RFC 5424)")
    .option("--alert-eve <file>", "append alerts to a file as EVE JSON lines")
    .option("--alert-relay <host:port>", "send alerts by mail through this relay")
    .option("--alert-to <address>", "who gets the mail");
}
const ALERTS = ["alertGrade", "alertWebhook", "alertSyslog", "alertEve", "alertRelay", "alertTo"] as const;

function oneOf(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices([...words]);
}

/** Where secrets of cases lie when they are kept apart (`evidence/keys/key-place.ts`). */
function keysFolder(): Option {
  return new Option(
    "--keys <dir>",
    "folder in which secrets of cases lie, apart from the cases (default: TAPPROOF_KEYS, else each in its case)",
  );
}

/** Of the whole process; read before the command runs. */
function memory(): Option {
  return new Option(
    "--memory <size>",
    "memory that this process may take, such as 512M or 4G: it lowers the limits of its tables (default: TAPPROOF_MEMORY, else none)",
  ).argParser((text: string) => {
    if (readMemory(text) === undefined) throw new InvalidArgumentError("expected a size of 256M at least, such as 512M or 4G");
    return text;
  });
}
