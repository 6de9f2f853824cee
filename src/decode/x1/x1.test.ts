import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LiMessage, X1Message } from "#model/interception.ts";
import { toRfc3339 } from "#model/time.ts";
import { readX1 } from "./message.ts";
import { probe, X1Stream } from "./recognise.ts";
import { parseXml } from "./xml.ts";

const NS = 'xmlns="http://uri.etsi.org/03221/X1/2017/10" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const HEAD = `<admfIdentifier>admf</admfIdentifier><neIdentifier>ne-1</neIdentifier><messageTimestamp>2026-01-01T00:00:00.250000Z</messageTimestamp><version>v1.6.1</version><x1TransactionId>3741800E-971b-4aa9-85f4-466d2b1adc7f</x1TransactionId>`;
const XID = "29f28e1c-f230-486a-a860-f5a784ab9172";
const DID = "19867c20-8c94-473e-b9cd-8b72b7b05fd4";
const TASK = `<taskDetails><xId>${XID}</xId><targetIdentifiers><targetIdentifier><supiimsi>262011234567890</supiimsi></targetIdentifier><targetIdentifier><ipv6Address>2001:DB8::0:1</ipv6Address></targetIdentifier></targetIdentifiers><deliveryType>X2andX3</deliveryType><listOfDIDs><dId>${DID.toUpperCase()}</dId></listOfDIDs><listOfMediationDetails><mediationDetails><LIID>LIID0001</LIID><deliveryType>HI2andHI3</deliveryType><StartTime>2026-01-01T00:00:00.000000Z</StartTime><EndTime>2026-02-01T01:00:00.000000+01:00</EndTime></mediationDetails></listOfMediationDetails></taskDetails>`;
const DESTINATION = `<destinationDetails><dId>${DID}</dId><friendlyName>a</friendlyName><deliveryType>X3Only</deliveryType><deliveryAddress><ipAddressAndPort><address><IPv4Address>10.0.0.9</IPv4Address></address><port><TCPPort>25000</TCPPort></port></ipAddressAndPort></deliveryAddress></destinationDetails>`;
const request = (...messages: [type: string, body: string][]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<X1Request ${NS}>${messages.map(([t, b]) => `<x1RequestMessage xsi:type="${t}">${HEAD}${b}</x1RequestMessage>`).join("")}</X1Request>`;
const response = (type: string, body: string): string =>
  `<X1Response ${NS}><x1ResponseMessage xsi:type="${type}">${HEAD}${body}</x1ResponseMessage></X1Response>`;
const first = (xml: string): X1Message => readX1(xml).messages[0] as X1Message;

describe("X1 messages", () => {
  it("reads a task", () => {
    const m = first(request(["ActivateTaskRequest", TASK]));
    expect(m).toMatchObject({
      type: 1,
      name: "ActivateTaskRequest",
      operation: "ActivateTask",
      request: true,
      outcome: "request",
      imsi: ["262011234567890"],
      ueAddresses: ["2001:db8::1"],
      admfIdentifier: "admf",
      neIdentifier: "ne-1",
      transactionId: "3741800e-971b-4aa9-85f4-466d2b1adc7f",
      tasks: [{ xId: XID, deliveryType: "X2andX3", dIds: [DID] }],
    });
    expect(m.messageTime && toRfc3339(m.messageTime)).toBe("2026-01-01T00:00:00.250000000Z");
    const mediation = m.tasks[0]?.mediation[0];
    expect(mediation?.liid).toBe("LIID0001");
    expect(mediation?.end && toRfc3339(mediation.end)).toBe("2026-02-01T00:00:00.000000000Z");
  });

  it("reads destinations, identifiers alone, several messages, prefixes of any name", () => {
    expect(first(request(["CreateDestinationRequest", DESTINATION]))).toMatchObject({
      type: 101,
      destinations: [{ dId: DID, address: "10.0.0.9", port: 25000, deliveryType: "X3Only" }],
    });
    const both = readX1(request(["DeactivateTaskRequest", `<xId>${XID}</xId>`], ["PingRequest", ""])).messages;
    expect(both.map((m) => [m.type, m.xIds.length])).toEqual([
      [3, 1],
      [401, 0],
    ]);
    const prefixed = request(["q:KeepaliveRequest", ""])
      .replaceAll("<x1", "<q:x1")
      .replaceAll("</x1", "</q:x1")
      .replaceAll("X1Request ", "q:X1Request ")
      .replaceAll("</X1Request", "</q:X1Request")
      .replace("xmlns=", "xmlns:q=");
    expect(
      first(prefixed.replaceAll("<q:x1TransactionId", "<x1TransactionId").replaceAll("</q:x1TransactionId", "</x1TransactionId")),
    ).toMatchObject({ type: 402, operation: "Keepalive" });
  });

  it("reads answers: done, refused, and details that they disclose", () => {
    expect(first(response("ActivateTaskResponse", "<oK>AcknowledgedAndCompleted</oK>"))).toMatchObject({
      outcome: "ok",
      request: false,
      type: 1,
    });
    const refused = response(
      "ErrorResponse",
      "<requestMessageType>ActivateTask</requestMessageType><errorInformation><errorCode>2010</errorCode><errorDescription>x</errorDescription></errorInformation>",
    );
    expect(first(refused)).toMatchObject({ outcome: "error", errorCode: 2010, type: 1, operation: "ActivateTask" });
    expect(first(`<X1TopLevelErrorResponse ${NS}>${HEAD}</X1TopLevelErrorResponse>`)).toMatchObject({ type: 900, outcome: "error" });
    const details = response("GetTaskDetailsResponse", `<taskResponseDetails>${TASK}<taskStatus/></taskResponseDetails>`);
    expect(first(details).tasks.map((t) => t.xId)).toEqual([XID]);
  });

  it("is no X1 without the namespace", () => {
    expect(readX1(request(["PingRequest", ""]).replace("03221", "03222")).messages).toEqual([]);
    expect(readX1("<X1Request/>").messages).toEqual([]);
  });
});

describe("XML of strangers", () => {
  it.each([
    ["", "syntax"],
    ["<a>", "syntax"],
    ["<a></b>", "syntax"],
    ["<a/><b/>", "syntax"],
    ["x<a/>", "syntax"],
    ["<a b=c/>", "syntax"],
    ['<a b="1" b="2"/>', "syntax"],
    ['<a b="1"c="2"/>', "syntax"],
    ['<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "dtd"],
    ["<a>&e;</a>", "entity"],
    ["<a>&#0;</a>", "entity"],
    ["<p:a/>", "namespace"],
    ["<a><?php 1?></a>", "syntax"],
    ["<a>".repeat(40) + "</a>".repeat(40), "depth"],
  ])("refuses %j", (text, problem) => {
    expect(parseXml(text)).toMatchObject({ problem });
  });

  it("reads references, CDATA, comments and default namespaces", () => {
    const r = parseXml('\ufeff<?xml version="1.0"?><!-- c --><a xmlns="u" b="&lt;&#x41;"><![CDATA[<x>]]>&amp;<!-- - --><c xmlns=""/></a>');
    expect(r).toMatchObject({
      root: { name: "a", namespace: "u", text: "<x>&", attributes: [{ value: "<A" }], children: [{ namespace: "" }] },
    });
  });

  it("never throws, and takes time in proportion", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "a", "/", '"', "=", " ", "&", ";", "!", "-", "?", ":", "x"), maxLength: 60 }),
        (s) => {
          parseXml(s);
        },
      ),
      { seed: 6, numRuns: 3000 },
    );
    const started = performance.now();
    parseXml(`<a>${"&amp;".repeat(200_000)}${"<b/>".repeat(90_000)}</a>`);
    parseXml(`<a ${"x ".repeat(100_000)}`);
    parseXml("<!--".repeat(100_000));
    parseXml(`<a>${"<![CDATA[".repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

function streamOf(fromStart = true): { stream: X1Stream<number>; messages: X1Message[]; origins: number[][]; faults: string[] } {
  const messages: X1Message[] = [];
  const origins: number[][] = [];
  const faults: string[] = [];
  const sink = {
    message: (m: LiMessage, _b: Uint8Array, _s: number, _e: number, o: readonly number[]): void => {
      messages.push(m as X1Message);
      origins.push([...o]);
    },
    fault: (f: { code: string }): void => void faults.push(f.code),
  };
  return { stream: new X1Stream<number>(sink, { fromStart }), messages, origins, faults };
}

const post = (xml: string): string =>
  `POST /X1/NE HTTP/1.1\r\nHost: ne\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(xml)}\r\n\r\n${xml}`;
const chunked = (xml: string): string => {
  const half = Math.floor(xml.length / 2);
  const part = (s: string): string => `${s.length.toString(16)};x=1\r\n${s}\r\n`;
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${part(xml.slice(0, half))}${part(xml.slice(half))}0\r\nTrailer: 1\r\n\r\n`;
};

describe("X1 in a stream", () => {
  const all = Buffer.from(
    post(request(["PingRequest", ""])) + chunked(response("PingResponse", "<oK>x</oK>")) + post(request(["ActivateTaskRequest", TASK])),
  );

  it("is the same however it is cut into segments", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 5, maxLength: 20 }), (sizes) => {
        const { stream, messages, faults } = streamOf();
        let at = 0;
        for (let i = 0; at < all.length; i += 1) {
          const n = Math.min(sizes[i % sizes.length] ?? 1, all.length - at);
          stream.data(all, at, at + n, i);
          at += n;
        }
        expect(messages.map((m) => m.name)).toEqual(["PingRequest", "PingResponse", "ActivateTaskRequest"]);
        expect(faults).toEqual([]);
      }),
      { seed: 7, numRuns: 100 },
    );
    expect(probe(all, 0, all.length)).toBe("yes");
    expect(probe(all, 0, 20)).toBe("more");
  });

  it("joined in the middle, begins with the next segment that begins a message", () => {
    const { stream, messages } = streamOf(false);
    const tail = Buffer.from("tail of something</x></y>");
    stream.data(tail, 0, tail.length, 1);
    stream.data(all, 0, all.length, 2);
    expect(messages.length).toBe(3);
  });

  it("says that a document is incomplete when octets are missing, and goes on", () => {
    const { stream, messages, faults } = streamOf();
    const one = Buffer.from(post(request(["ActivateTaskRequest", TASK])));
    stream.data(all, 0, all.length, 1);
    stream.data(one, 0, one.length - 300, 2);
    stream.gap(200);
    stream.data(one, one.length - 100, one.length, 3);
    stream.data(one, 0, one.length, 4);
    expect(faults).toEqual(["incomplete"]);
    expect(messages.length).toBe(4);
  });

  it("gives up other HTTP, and whatever else", () => {
    const web = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n${"x".repeat(60_000)}`);
    const { stream } = streamOf();
    stream.data(web, 0, web.length, 1);
    expect(stream.state).toBe("no");
    const ssh = Buffer.from("SSH-2.0-x\r\n");
    const other = streamOf();
    other.stream.data(ssh, 0, ssh.length, 1);
    expect(other.stream.state).toBe("no");
  });

  it("survives flipped octets", () => {
    let seed = 13;
    for (let i = 0; i < 1500; i += 1) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const b = Buffer.from(all);
      b[seed % b.length] = (seed >>> 16) & 255;
      const { stream } = streamOf(i % 2 === 0);
      stream.data(b, 0, b.length, 1);
      stream.gap(seed % 500);
      stream.data(all, 0, all.length, 2);
      stream.end();
    }
  });
});
