/**
 * Agreement with tshark, message for message: S1AP, X2AP and NAS-EPS.
 *
 * `golden/tshark.json` holds tshark 4.0.17's reading of the CC0 captures (lte-lab, claims-examples), each distinct frame once;
 * UPDATE_GOLDEN=1 writes it anew. The public captures are read where they lie, with the tshark that is installed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeNasEps } from "#decode/nas-eps/decode.ts";
import type { NasEpsMessage } from "#decode/nas-eps/message.ts";
import { isProtocolIe, isSequence } from "#decode/per/access.ts";
import { isFault } from "#decode/per/pdu.ts";
import type { PerValue } from "#decode/per/value.ts";
import { decodeX2ap } from "#decode/x2ap/decode.ts";
import type { DecodedMessage } from "#model/message.ts";
import { decodeS1ap } from "./decode.ts";

const CAPTURES = "../shared/captures";
const GOLDEN = "src/decode/s1ap/golden/tshark.json";
const OWN = ["lte-lab/*/s1.pcap.gz", "claims-examples/*/*.pcap"];
const PUBLIC = ["magma_*", "open5gs_*", "ntnu_*"];

/** Columns of tshark; hexadecimal numbers become decimal. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  s1ap: ["s1ap.procedureCode"],
  x2ap: ["x2ap.procedureCode"],
  initiating: ["s1ap.initiatingMessage_element", "x2ap.initiatingMessage_element"],
  successful: ["s1ap.successfulOutcome_element", "x2ap.successfulOutcome_element"],
  unsuccessful: ["s1ap.unsuccessfulOutcome_element", "x2ap.unsuccessfulOutcome_element"],
  ies: ["s1ap.id", "x2ap.id"],
  emm: ["nas_eps.nas_msg_emm_type"],
  esm: ["nas_eps.nas_msg_esm_type"],
  ciphered: ["nas_eps.ciphered_msg"],
  imsi: ["e212.imsi"],
  imei: ["gsm_a.imei", "gsm_a.imeisv", "nas_eps.emm.imei"],
  teids: ["s1ap.gTP_TEID", "s1ap.dL_gTP_TEID", "s1ap.uL_GTP_TEID", "s1ap.dL_GTP_TEID", "x2ap.gTP_TEID"],
  addresses: [
    "s1ap.transportLayerAddressIPv4",
    "s1ap.transportLayerAddressIPv6",
    "x2ap.transportLayerAddressIPv4",
    "x2ap.transportLayerAddressIPv6",
  ],
  ueAddresses: ["nas_eps.esm.pdn_ipv4"],
  apn: ["gsm_a.gm.sm.apn"],
  ciphering: ["nas_eps.emm.toc"],
  integrity: ["nas_eps.emm.toi"],
  mTmsi: ["nas_eps.emm.m_tmsi"],
  tac: ["s1ap.tAC", "x2ap.tAC"],
};

type Reading = Record<string, string[]>;
interface Frame {
  readonly s1ap: readonly string[];
  readonly x2ap: readonly string[];
  readonly reading: Reading;
}

test("reads the CC0 captures as tshark does", () => {
  if (process.env["UPDATE_GOLDEN"] !== undefined) {
    const distinct = new Map<string, Frame>();
    for (const file of OWN.flatMap((pattern) => globSync(`${CAPTURES}/${pattern}`)).toSorted()) {
      for (const frame of readByTshark(file)) distinct.set([...frame.s1ap, ...frame.x2ap].join(), frame);
    }
    writeFileSync(GOLDEN, `[\n${[...distinct.values()].map((frame) => JSON.stringify(frame)).join(",\n")}\n]\n`);
  }
  const frames = JSON.parse(readFileSync(GOLDEN, "utf8")) as Frame[];
  expect(frames.length).toBeGreaterThan(100);
  for (const frame of frames) expect(ourReading(frame)).toEqual(frame.reading);
});

test("reads the public captures as the installed tshark does", () => {
  const files = [...PUBLIC, ...OWN].flatMap((pattern) => globSync(`${CAPTURES}/${pattern}`)).toSorted();
  if (files.length === 0 || !tsharkIsInstalled()) {
    console.warn("SKIPPED: ../shared/captures or tshark is missing, so that agreement on the public captures was not checked");
    return;
  }
  let messages = 0;
  for (const file of files) {
    for (const frame of readByTshark(file)) {
      messages += frame.s1ap.length + frame.x2ap.length;
      expect({ file, ...ourReading(frame) }).toEqual({ file, ...frame.reading });
    }
  }
  expect(messages).toBeGreaterThan(1000);
});

function tsharkIsInstalled(): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(`${folder}/tshark`));
}

function tshark(args: readonly string[]): string {
  return execFileSync("tshark", args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
}

function readByTshark(file: string): Frame[] {
  const common = ["-n", "-r", file, "-Y", "s1ap || x2ap"];
  const packets = JSON.parse(
    tshark([...common, "-T", "json", "-x", "--no-duplicate-keys", "-J", "s1ap x2ap sctp ip ipv6"]) || "[]",
  ) as unknown[];
  if (packets.length === 0) return [];
  const names = Object.values(COLUMNS).flat();
  const options = ["-T", "fields", "-E", "separator=;", "-E", "occurrence=a", "-E", "aggregator=,"];
  const lines = tshark([...common, ...options, ...names.flatMap((name) => ["-e", name])])
    .trimEnd()
    .split("\n");
  return packets.map((packet, i) => {
    const cells = (lines[i] ?? "").split(";");
    const byName = new Map(names.map((name, column) => [name, (cells[column] ?? "").split(",").filter((text) => text !== "")]));
    const reading: Reading = {};
    for (const [key, columns] of Object.entries(COLUMNS)) {
      const values = columns.flatMap((name) => byName.get(name) ?? []);
      if (values.length > 0) reading[key] = values.map((text) => plain(key, text)).toSorted();
    }
    return { s1ap: rawLayers(packet, "s1ap_raw"), x2ap: rawLayers(packet, "x2ap_raw"), reading };
  });
}

/** Ciphered octets count, they are not compared; hexadecimal numbers become decimal. */
function plain(key: string, text: string): string {
  if (key === "ciphered") return "x";
  return key === "teids" || /^0x[0-9a-f]+$/.test(text) ? String(parseInt(text, 16)) : text;
}

/** tshark's raw entries: [hexadecimal octets, offset, length, …], or a list of them. */
function rawLayers(value: unknown, key: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name !== key) return rawLayers(inner, key);
    const list = inner as [string] | [string][];
    return Array.isArray(list[0]) ? (list as [string][]).map((entry) => entry[0]) : [list[0]];
  });
}

function ourReading(frame: Frame): Reading {
  const reading: Reading = {};
  const put = (key: string, value: string | number): void => void (reading[key] ??= []).push(String(value));
  const ids = (value: PerValue): void => {
    if (isProtocolIe(value)) {
      put("ies", value.id);
      ids(value.value);
    } else if (Array.isArray(value)) value.forEach(ids);
    else if (isSequence(value)) {
      if (value["tAC"] instanceof Uint8Array) put("tac", parseInt(Buffer.from(value["tAC"]).toString("hex"), 16));
      for (const inner of Object.values(value)) ids(inner);
    }
  };
  const nas = (message: DecodedMessage): void => {
    const eps = message as NasEpsMessage;
    expect(eps.faults).toEqual([]);
    if (eps.ciphered === true) put("ciphered", "x");
    else if (eps.type !== undefined && eps.securityHeader < 12) put(eps.layer, eps.type);
    for (const key of ["imsi", "imei", "ueAddresses", "apn"] as const) for (const value of eps[key]) put(key, value);
    if (eps.selectedAlgorithms !== undefined) {
      put("ciphering", eps.selectedAlgorithms.ciphering);
      put("integrity", eps.selectedAlgorithms.integrity);
    }
    if (eps.guti !== undefined) put("mTmsi", eps.guti.mTmsi);
    eps.inner.forEach(nas);
  };
  for (const hex of frame.s1ap) {
    const octets = Buffer.from(hex, "hex");
    const message = decodeS1ap(octets, 0, octets.length, decodeNasEps);
    if (isFault(message)) throw new Error(`unreadable ${hex}`);
    expect(message.faults).toEqual([]);
    put("s1ap", message.type);
    put(message.kind, 1);
    ids(message.ies);
    message.inner.forEach(nas);
    for (const imsi of message.imsi) put("imsi", imsi);
    for (const bearer of message.bearers) put("teids", bearer.teid);
    for (const address of [...message.bearers.map((bearer) => bearer.address), ...(message.trace?.collector ?? [])])
      put("addresses", address);
  }
  for (const hex of frame.x2ap) {
    const octets = Buffer.from(hex, "hex");
    const message = decodeX2ap(octets, 0, octets.length);
    if (isFault(message)) throw new Error(`unreadable ${hex}`);
    expect(message.faults).toEqual([]);
    put("x2ap", message.type);
    put(message.kind, 1);
    ids(message.ies);
    for (const bearer of message.bearers) {
      put("teids", bearer.teid);
      put("addresses", bearer.address);
    }
  }
  return Object.fromEntries(Object.entries(reading).map(([key, values]) => [key, values.toSorted()]));
}
