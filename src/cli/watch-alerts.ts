/**
 * Alerts of a watch, and of scans that a server makes: a finding that reaches a grade goes out once, and again when its grade rises. Webhook (JSON by POST), syslog (RFC 5424
 * over UDP, RFC 5426, or TCP, RFC 6587 with octet counting), EVE JSON lines into a file, mail through a relay. They hold what the summary holds: pseudonyms, no payload.
 */
import { createSocket } from "node:dgram";
import { appendFileSync, chmodSync, existsSync } from "node:fs";
import { isIP, connect } from "node:net";
import { hostname } from "node:os";
import type { Writable } from "node:stream";
import { eveLine } from "#findings/eve.ts";
import type { FindingRecord } from "#findings/document.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import { UsageError, visible } from "./errors.ts";

export interface AlertTargets {
  readonly alertWebhook?: string;
  /** `[tcp:]HOST:PORT`. */
  readonly alertSyslog?: string;
  readonly alertEve?: string;
  /** `HOST:PORT` of a relay, and to whom. */
  readonly alertRelay?: string;
  readonly alertTo?: string;
}

/** Alerts that wait for a slow receiver; past it the oldest is given up and counted. */
const WAITING = 1_000;
const TRIES = 5;
const TIMEOUT_MS = 5_000;

export class WatchAlerts {
  private readonly targets: readonly { readonly name: string; readonly send: (finding: FindingRecord) => Promise<void> }[];
  private readonly least: number;
  private readonly stderr: Writable;
  private readonly reached = new Map<string, number>();
  private readonly queue: { readonly finding: FindingRecord; readonly target: WatchAlerts["targets"][number]; tries: number }[] = [];
  private working: Promise<void> | null = null;
  private closing = false;
  lost = 0;

  /** `command`: whose options these are, for what is said of them. */
  constructor(targets: AlertTargets, least: Grade, stderr: Writable, command = "watch") {
    this.least = GRADES.indexOf(least);
    this.stderr = stderr;
    this.targets = targetsOf(targets, command);
  }

  finding(finding: FindingRecord): void {
    const grade = GRADES.indexOf(finding.grade);
    if (grade < this.least || (this.reached.get(finding.id) ?? -1) >= grade) return;
    this.reached.set(finding.id, grade);
    for (const target of this.targets) {
      this.queue.push({ finding, target, tries: 0 });
      if (this.queue.length > WAITING) {
        this.queue.shift();
        this.lost++;
      }
    }
    this.working ??= this.work();
  }

  /** Sends what waits, each once more, and says what could not be sent. */
  async close(): Promise<void> {
    this.closing = true;
    await this.working;
    if (this.lost > 0) this.stderr.write(`tapproof: ${this.lost} alerts could not be sent\n`);
  }

  private async work(): Promise<void> {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      try {
        await next.target.send(next.finding);
      } catch (error) {
        next.tries++;
        if (next.tries < TRIES && !this.closing) {
          this.queue.push(next);
          await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** next.tries));
          continue;
        }
        this.lost++;
        this.stderr.write(
          `tapproof: alert by ${next.target.name} failed: ${visible(error instanceof Error ? error.message : String(error))}\n`,
        );
      }
    }
    this.working = null;
  }
}

function targetsOf(
  targets: AlertTargets,
  command: string,
): { readonly name: string; readonly send: (finding: FindingRecord) => Promise<void> }[] {
  const list: { readonly name: string; readonly send: (finding: FindingRecord) => Promise<void> }[] = [];
  const { alertWebhook: webhook, alertSyslog: syslog, alertEve: eve, alertRelay: relay, alertTo: to } = targets;
  if (webhook !== undefined) {
    if (!/^https?:\/\//.test(webhook) || !URL.canParse(webhook))
      throw new UsageError(`${command}: --alert-webhook ${visible(webhook)}: expected an http or https address`);
    list.push({ name: "webhook", send: (finding) => byWebhook(webhook, finding) });
  }
  if (syslog !== undefined) {
    const { host, port, tcp } = placeOf(`${command}: --alert-syslog`, syslog);
    list.push({
      name: "syslog",
      send: (finding) => (tcp ? byTcp(host, port, octetCounted(syslogLine(finding))) : byUdp(host, port, syslogLine(finding))),
    });
  }
  if (eve !== undefined) {
    list.push({
      name: "EVE",
      send: (finding) => {
        const fresh = !existsSync(eve);
        appendFileSync(eve, `${eveLine(finding)}\n`, { mode: 0o600 });
        if (fresh) chmodSync(eve, 0o600);
        return Promise.resolve();
      },
    });
  }
  if (relay !== undefined) {
    const { host, port } = placeOf(`${command}: --alert-relay`, relay);
    if (to === undefined || !/^[^\s<>@]{1,64}@[^\s<>@]{1,255}$/.test(to))
      throw new UsageError(`${command}: --alert-relay needs --alert-to ADDRESS`);
    list.push({ name: "mail", send: (finding) => byMail(host, port, to, finding) });
  }
  return list;
}

function placeOf(option: string, text: string): { readonly host: string; readonly port: number; readonly tcp: boolean } {
  const match = /^(tcp:)?(?:\[([0-9a-fA-F:.]+)\]|([\w.-]{1,253})):(\d{1,5})$/.exec(text);
  const port = Number(match?.[4] ?? 0);
  if (match === null || port < 1 || port > 65_535) throw new UsageError(`${option} ${visible(text)}: expected HOST:PORT`);
  return { host: match[2] ?? match[3] ?? "", port, tcp: match[1] !== undefined };
}

async function byWebhook(url: string, finding: FindingRecord): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ event: "finding", finding }),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
}

/** RFC 5424: facility 13 (log audit), severity by grade. */
export function syslogLine(finding: FindingRecord, now: Date = new Date()): string {
  const severity = { proven: 2, corroborated: 4, indication: 5 }[finding.grade];
  const param = (name: string, value: string): string => ` ${name}="${value.replaceAll(/[\\"\]]/g, String.raw`\$&`)}"`;
  const data = [
    param("id", finding.id),
    param("claim", finding.claim),
    param("grade", finding.grade),
    param("element", finding.element.name ?? finding.element.address ?? ""),
    param("receiver", finding.receiver === null ? "" : (finding.receiver.name ?? finding.receiver.address ?? "")),
  ].join("");
  const host = hostname()
    .replaceAll(/[^\u0021-\u007e]/g, "-")
    .slice(0, 255);
  return `<${13 * 8 + severity}>1 ${now.toISOString()} ${host} tapproof ${process.pid} finding [finding@32473${data}] \uFEFF${visible(finding.summary)}`;
}

function octetCounted(line: string): string {
  return `${Buffer.byteLength(line)} ${line}`;
}

async function byUdp(host: string, port: number, line: string): Promise<void> {
  const socket = createSocket(isIP(host) === 6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.send(Buffer.from(line), port, host, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    socket.close();
  }
}

async function byTcp(host: string, port: number, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port }, () => socket.end(text));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("no answer in time")));
    socket.once("error", reject);
    socket.once("close", (failed) => {
      if (!failed) resolve();
    });
  });
}

/** RFC 5321, to a relay that takes mail without more ado: HELO, MAIL, RCPT, DATA, QUIT. */
async function byMail(host: string, port: number, to: string, finding: FindingRecord): Promise<void> {
  const from = `tapproof@${hostname().replaceAll(/[^\w.-]/g, "-")}`;
  const subject = `Tapproof: ${finding.grade} ${finding.claim} ${finding.id.slice(0, 12)}`;
  const body = [
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: <${finding.id}.${Date.now()}@tapproof>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    ...(Buffer.from(`${finding.summary}\n`)
      .toString("base64")
      .match(/.{1,76}/g) ?? []),
  ];
  await converse(host, port, [
    { expect: 2, say: `HELO ${from.slice(from.indexOf("@") + 1)}` },
    { expect: 2, say: `MAIL FROM:<${from}>` },
    { expect: 2, say: `RCPT TO:<${to}>` },
    { expect: 2, say: "DATA" },
    { expect: 3, say: `${body.join("\r\n")}\r\n.` },
    { expect: 2, say: "QUIT" },
  ]);
}

async function converse(host: string, port: number, steps: readonly { readonly expect: number; readonly say: string }[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port });
    let step = 0;
    let text = "";
    socket.setEncoding("latin1");
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("the relay did not answer in time")));
    socket.on("data", (data: string) => {
      text = (text + data).slice(-8_192);
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        if (line[3] === "-") continue;
        const next = steps[step++];
        if (next === undefined) {
          socket.end();
          resolve();
          return;
        }
        if (!line.startsWith(String(next.expect))) {
          socket.destroy(new Error(`the relay said ${line.slice(0, 200).trim()}`));
          return;
        }
        socket.write(`${next.say}\r\n`);
        if (step === steps.length) {
          socket.end();
          resolve();
        }
      }
    });
    socket.once("error", reject);
  });
}
