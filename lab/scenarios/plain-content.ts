/** Plain content of a subscriber that leaves cut anew or written in text; and what looks alike: pages that many read, hex of no meaning, an element's own page. */
import type { Case } from "#lab/case.ts";
import { stream } from "#lab/network/copier.ts";
import type { NetworkFunction } from "#lab/network/layout.ts";
import { publicServer } from "#lab/network/traffic.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { httpPost } from "#lab/wire/applications.ts";
import { cat, type Octets, text, u16 } from "#lab/wire/octets.ts";
import type { Line } from "#lab/wire/tcp-talk.ts";
import { stage, type CopyStage } from "./copies.ts";
import { scenario, type Scenario } from "./scenario.ts";

const CLAIM = "covert-copy";
const WORDS = "when we meet at the old mill by nine bring letters and say nothing of it to him or her until later again please".split(" ");

/** Text that only one subscriber reads, as an unencrypted mailbox would show it. */
function letter(c: Case, octets: number): Octets {
  let page = "<html><body>";
  while (page.length < octets)
    page += `<p>${c.random.pick(WORDS)} ${c.random.pick(WORDS)} ${c.random.hex(3)} ${c.random.pick(WORDS)} ${c.random.int(1, 9999)}.</p>\n`;
  return text(page);
}

function read(c: Case, s: Subscriber, at: number, page: Octets, server = publicServer(c.random)): void {
  c.traffic.http(s, at, page, { server });
}

function pieces(c: Case, page: Octets, least: number, most: number): Octets[] {
  const cut: Octets[] = [];
  for (let at = 0; at < page.length;) {
    const size = c.random.int(least, most);
    cut.push(page.subarray(at, at + size));
    at += size;
  }
  return cut;
}

type Form = "recut" | "hex-log" | "base64-json";

/** What leaves in each form, line after line, from `at` on. */
function leave(c: Case, s: CopyStage, to: string, page: Octets, form: Form, at: number, label: string | undefined): void {
  if (form === "hex-log") {
    for (const [i, piece] of pieces(c, page, 180, 240).entries()) {
      const line = text(
        `<134>1 2026-01-01T00:00:${10 + (i % 50)}Z ${s.element.name} diag - - - buffer ${i} ${Buffer.from(piece).toString("hex")}`,
      );
      c.cables.udp(s.exit.segment, at + i * 0.05, s.exit.address, to, 41_514, 514, line, label);
    }
    return;
  }
  const lines = pieces(c, page, 250, 900).map((piece, i): Line => ({
    from: "client",
    data:
      form === "recut"
        ? cat(u16(0x7a01), u16(piece.length), piece)
        : httpPost("diag.example.net", "/v1", text(`{"n":${i},"data":"${Buffer.from(piece).toString("base64")}"}`), "application/json"),
    at: at + i * 0.1,
  }));
  stream(c, s.exit, to, lines, { start: at - 0.5, label: label ?? "innocent", ...(form === "recut" ? { cuts: [611, 1203, 97] } : {}) });
}

function due(c: Case, element: NetworkFunction, to: string, s: Subscriber): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: "indication",
    atLeast: true,
    element,
    receiver: to,
    subscriber: s,
    data: ["content"],
    label: "copy",
  });
  c.tolerate = ["undeclared-peer"];
}

export const plainContent: Scenario[] = [
  ...(["recut", "hex-log", "base64-json"] as const).map((form) =>
    scenario(
      `copy-plain-${form}`,
      "positive",
      CLAIM,
      `A page that one subscriber reads in clear leaves in another form (${form}).`,
      {},
      (c) => {
        const s = stage(c);
        const to = form === "hex-log" ? c.layout.log : s.to;
        const page = letter(c, 9000);
        read(c, s.target, s.t + 1, page);
        for (const u of c.core.subscribers) c.traffic.mixture(u, s.t + 2, 6, 3000);
        leave(c, s, to, page, form, s.t + 4, "copy");
        due(c, s.element, to, s.target);
      },
    ),
  ),
  ...(["recut", "hex-log", "base64-json"] as const).map((form) =>
    scenario(
      `twin-copy-plain-${form}`,
      "twin",
      CLAIM,
      `A page that several subscribers read, one of them later, leaves in the same form (${form}).`,
      {},
      (c) => {
        const s = stage(c);
        const page = letter(c, 9000);
        const server = publicServer(c.random);
        read(c, s.target, s.t + 1, page, server);
        for (const u of c.core.subscribers) c.traffic.mixture(u, s.t + 2, 6, 3000);
        leave(c, s, form === "hex-log" ? c.layout.log : s.to, page, form, s.t + 4, undefined);
        read(c, c.subscriber(0), s.t + 12, page, server);
        c.tolerate = ["undeclared-peer"];
      },
    ),
  ),
  scenario("twin-copy-plain-hex", "twin", CLAIM, "An element logs hex of its own beside a subscriber's reading.", {}, (c) => {
    const s = stage(c);
    read(c, s.target, s.t + 1, letter(c, 9000));
    for (const u of c.core.subscribers) c.traffic.mixture(u, s.t + 2, 6, 3000);
    leave(c, s, c.layout.log, letter(c, 6000), "hex-log", s.t + 4, undefined);
  }),
  scenario(
    "twin-copy-plain-own-page",
    "twin",
    CLAIM,
    "A portal of the network shows a subscriber a page, and another host gets the same one.",
    {},
    (c) => {
      const s = stage(c);
      const page = letter(c, 9000);
      const host = `10.${c.layout.core}.${c.random.int(246, 254)}.${c.random.int(2, 250)}`;
      c.declared.functions.push(`{ name: shop-1, roles: [AS], vendor: ${c.layout.mme.vendor}, addresses: [${host}] }`);
      read(c, s.target, s.t + 1, page, host);
      leave(c, { ...s, exit: { ...s.exit, address: host } }, s.to, page, "base64-json", s.t + 4, undefined);
      c.tolerate = ["undeclared-peer"];
    },
  ),
];
