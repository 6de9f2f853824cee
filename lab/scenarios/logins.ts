/** Copies and interception product in which a login in clear stands, and logins of the subscribers' own that nobody copies. */
import type { Case } from "#lab/case.ts";
import { copyPackets, wrapper } from "#lab/network/copier.ts";
import { publicServer } from "#lab/network/traffic.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { text } from "#lab/wire/octets.ts";
import type { Line } from "#lab/wire/tcp-talk.ts";
import { play, stage } from "./copies.ts";
import { due as productDue, play as playProduct, stage as productStage, warrant, x3 } from "./interception.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

export const LOGINS = ["http-basic", "ftp", "pop3", "imap", "smtp", "telnet"] as const;

const client = (line: string): Line => ({ from: "client", data: text(line), after: 0.05 });
const server = (line: string): Line => ({ from: "server", data: text(line), after: 0.03 });

/** What client and server say, and the port, of a login that succeeds. */
function script(c: Case, kind: (typeof LOGINS)[number]): { port: number; lines: Line[] } {
  const [name, secret] = [`user${c.random.int(10, 99)}`, c.random.hex(10)];
  const base64 = (plain: string): string => Buffer.from(plain, "latin1").toString("base64");
  switch (kind) {
    case "http-basic":
      return {
        port: 80,
        lines: [
          client(
            `GET /inbox HTTP/1.1\r\nHost: mail.example.org\r\nAuthorization: Basic ${base64(`${name}:${secret}`)}\r\nAccept: */*\r\n\r\n`,
          ),
          server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        ],
      };
    case "ftp":
      return {
        port: 21,
        lines: [
          server("220 ready\r\n"),
          client(`USER ${name}\r\n`),
          server("331 name okay\r\n"),
          client(`PASS ${secret}\r\n`),
          server("230 logged in\r\n"),
        ],
      };
    case "pop3":
      return {
        port: 110,
        lines: [
          server("+OK ready\r\n"),
          client(`USER ${name}\r\n`),
          server("+OK\r\n"),
          client(`PASS ${secret}\r\n`),
          server("+OK 2 messages\r\n"),
        ],
      };
    case "imap":
      return {
        port: 143,
        lines: [server("* OK ready\r\n"), client(`a1 LOGIN ${name} ${secret}\r\n`), server("a1 OK done\r\n")],
      };
    case "smtp":
      return {
        port: 587,
        lines: [
          server("220 mail.example.org ESMTP\r\n"),
          client("EHLO phone\r\n"),
          server("250-mail.example.org\r\n250 AUTH PLAIN LOGIN\r\n"),
          client(`AUTH PLAIN ${base64(`\0${name}\0${secret}`)}\r\n`),
          server("235 accepted\r\n"),
        ],
      };
    case "telnet":
      return {
        port: 23,
        lines: [
          server("\r\nbox login: "),
          ...name.split("").map(client),
          client("\r\n"),
          server("\r\nPassword: "),
          ...secret.split("").map(client),
          client("\r\n"),
          server("\r\n$ "),
        ],
      };
  }
}

function logIn(c: Case, s: Subscriber, at: number, kind: (typeof LOGINS)[number]): void {
  const { port, lines } = script(c, kind);
  c.traffic.talk(s, at, publicServer(c.random), port, lines);
}

export const logins: Scenario[] = [
  ...LOGINS.map((kind) =>
    scenario(`copy-login-${kind}`, "positive", "covert-copy", `A copied subscriber logs in somewhere in clear (${kind}).`, {}, (c) => {
      const s = stage(c);
      copyPackets(c, {
        exit: s.exit,
        to: s.to,
        wrap: wrapper(c, c.random.pick(["vxlan", "gre-ip", "raw"])),
        select: (p) => p.subscriber === s.target,
      });
      play(c, s);
      logIn(c, s.target, s.t + 6, kind);
      c.expect.push({
        claim: "covert-copy",
        minGrade: "proven",
        element: s.element,
        receiver: s.to,
        subscriber: s.target,
        data: ["content", "credentials"],
        label: "copy",
      });
      c.tolerate = ["undeclared-peer"];
    }),
  ),
  scenario("x3-login", "positive", "unwarranted-interception", "X3 without a warrant, in which the target logs in in clear.", {}, (c) => {
    const s = productStage(c);
    playProduct(c, s);
    logIn(c, s.target, s.t + 5, c.random.pick(LOGINS));
    const to = stranger(c);
    x3(c, s, to);
    productDue(c, to, s.target, { data: ["content", "credentials"] });
  }),
  scenario("twin-x3-login", "twin", "unwarranted-interception", "The same under a warrant.", {}, (c) => {
    const s = productStage(c);
    warrant(c, s);
    playProduct(c, s);
    logIn(c, s.target, s.t + 5, c.random.pick(LOGINS));
    x3(c, s, s.mdf);
  }),
];
