import { expect, test } from "vitest";
import { isFault } from "#decode/per/pdu.ts";
import { decodeNasEps } from "#decode/nas-eps/decode.ts";
import { decodeS1ap } from "./decode.ts";
import type { S1apMessage } from "./message.ts";
import { VECTORS } from "./vectors.ts";

function read(hex: string): S1apMessage {
  const octets = Buffer.from(hex, "hex");
  const message = decodeS1ap(octets, 0, octets.length, decodeNasEps);
  if (isFault(message)) throw new Error(message.field);
  return message;
}

test("trace start: reference, interfaces, depth, collector", () => {
  const message = read(VECTORS.traceStart);
  expect(message).toMatchObject({ type: 27, kind: "initiating", name: "TraceStart", mmeUeId: 1, enbUeId: 2, faults: [] });
  expect(message.trace).toEqual({
    plmn: "26201",
    traceId: 42,
    recordingSession: 1,
    reference: "62f21000002a0001",
    interfaces: 0xe0,
    depth: "maximum",
    collector: ["10.66.6.7"],
    collectorUri: undefined,
    mdt: undefined,
    mdtNr: undefined,
  });
});

test("location reporting control", () => {
  expect(read(VECTORS.locationReportingControl).locationRequest).toEqual({ event: "direct", area: "ecgi" });
});

test("a security mode command inside a NAS transport", () => {
  const [nas] = read(VECTORS.securityModeCommand).inner;
  expect(nas).toMatchObject({
    protocol: "nas-eps",
    type: 93,
    selectedAlgorithms: { ciphering: 0, integrity: 2 },
    replayed: { eea: 0x02, eia: 0xe0 },
  });
});

test("handover request: both addresses of a 160-bit transport address, trace with MDT and URI", () => {
  const message = read(VECTORS.handoverRequest);
  expect(message.mmeUeId).toBe(4294967295);
  expect(message.cause).toEqual({ group: "radioNetwork", value: "handover-desirable-for-radio-reason" });
  expect(message.bearers).toEqual([
    { teid: 0xa5, address: "10.0.0.2", erabId: 5, end: "sgw", qci: 5 },
    { teid: 0xa5, address: "2001:db8::2", erabId: 5, end: "sgw", qci: 5 },
    { teid: 0xffffffff, address: "2001:db8::2", erabId: 6, end: "sgw", qci: 5 },
  ]);
  expect(message.teids).toHaveLength(3);
  expect(message.trace).toMatchObject({
    plmn: "20801",
    traceId: 7,
    recordingSession: 0x102,
    depth: "maximumWithoutVendorSpecificExtension",
    collector: ["10.66.6.7", "2001:db8::7"],
    collectorUri: "https://tce.example/x",
    mdt: { "mdt-Activation": "logged-MDT-only" },
  });
  expect(message.ueSecurityCapabilities).toEqual({ encryption: 0xc000, integrity: 0xe000 });
  expect(message.sourceToTarget?.octets).toHaveLength(3);
});

test("handover request acknowledge: own end and both forwarding ends, and the E-RAB that failed", () => {
  const message = read(VECTORS.handoverRequestAcknowledge);
  expect(message.kind).toBe("successful");
  expect(message.bearers.map(({ teid, end, erabId }) => [teid, end, erabId])).toEqual([
    [1, "enb", 5],
    [2, "dl-forwarding", 5],
    [3, "ul-forwarding", 5],
  ]);
  expect(message.failedErabs).toEqual([6]);
  expect(message.releasedErabs).toEqual([]);
});

test("handover command: forwarding ends, release, decoded container", () => {
  const message = read(VECTORS.handoverCommand);
  expect(message.bearers.map(({ teid, address, end }) => [teid, address, end])).toEqual([
    [2, "10.0.0.4", "dl-forwarding"],
    [3, "10.0.0.5", "ul-forwarding"],
  ]);
  expect(message.releasedErabs).toEqual([7]);
  expect(message.targetToSource?.decoded).toEqual({ "rRC-Container": new Uint8Array([0]) });
});

test("path switch request: source id, place, new end; null-only security capabilities", () => {
  const message = read(VECTORS.pathSwitchRequest);
  expect(message).toMatchObject({
    mmeUeId: undefined,
    enbUeId: 2,
    sourceMmeUeId: 77,
    tai: { plmn: "20801", tac: 0xa1 },
    ecgi: { plmn: "20801", eci: 0x19b01 },
    ueSecurityCapabilities: { encryption: 0, integrity: 0 },
  });
  expect(message.bearers).toEqual([{ teid: 9, address: "10.0.0.3", erabId: 5, end: "enb", qci: undefined }]);
});

test("E-RAB modification: the eNB's end in the indication, the gateway's end in an extension of the request", () => {
  expect(read(VECTORS.modificationIndication).bearers).toEqual([{ teid: 10, address: "10.0.0.33", erabId: 5, end: "enb", qci: undefined }]);
  const request = read(VECTORS.modifyRequest);
  expect(request.bearers).toEqual([{ teid: 11, address: "10.0.0.2", erabId: 5, end: "sgw", qci: 5 }]);
  expect(request.inner).toMatchObject([{ protocol: "nas-eps", type: 72 }]);
});

test("cell traffic trace names its collector in an IE of its own, wherever that stands", () => {
  expect(read(VECTORS.cellTrafficTrace).trace).toMatchObject({
    reference: "62f21000002a0001",
    collector: ["10.66.6.7"],
    interfaces: undefined,
  });
});

test("paging by IMSI", () => {
  const message = read(VECTORS.paging);
  expect(message.imsi).toEqual(["208101234567899"]);
  expect(message.tais).toEqual([{ plmn: "20801", tac: 1 }]);
});

test("reset names some UEs by one id only", () => {
  expect(read(VECTORS.reset).reset).toEqual({
    all: false,
    ues: [
      { mmeUeId: 3, enbUeId: undefined },
      { mmeUeId: undefined, enbUeId: 4 },
    ],
  });
});

test("release command: E-RAB and the NAS that goes with it", () => {
  const message = read(VECTORS.releaseCommand);
  expect(message.releasedErabs).toEqual([6]);
  expect(message.inner).toMatchObject([{ layer: "esm", type: 205, bearerId: 6, cause: 36 }]);
});

test("an unknown IE and one that cannot be read hide nothing that follows", () => {
  // Trace Start with IE 777 in front, and a MME-UE-S1AP-ID without any octet behind that.
  const octets = Buffer.from(VECTORS.traceStart, "hex");
  const added = Buffer.from("030940020a0b" + "00000000", "hex");
  const longer = Buffer.concat([octets.subarray(0, 4), Buffer.from([0, 0, 5]), added, octets.subarray(7)]);
  longer[3] = longer.length - 4;
  const message = read(longer.toString("hex"));
  expect(message.ies.map((ie) => [ie.id, ie.decoded])).toEqual([
    [777, false],
    [0, false],
    [0, true],
    [8, true],
    [25, true],
  ]);
  expect(message.unknownIes).toEqual([{ id: 777, name: "#777", criticality: "ignore", value: new Uint8Array([10, 11]), decoded: false }]);
  expect(message).toMatchObject({ mmeUeId: 1, enbUeId: 2, trace: { collector: ["10.66.6.7"] } });
  expect(message.faults).toEqual([{ layer: "s1ap", code: "short", field: "MME-UE-S1AP-ID", offset: 17, needed: 1, had: 0 }]);
});

test("a procedure that the tables do not have keeps its number and its IEs", () => {
  const octets = Buffer.from(VECTORS.traceStart, "hex");
  octets[1] = 200;
  const message = read(octets.toString("hex"));
  expect(message).toMatchObject({ type: 200, name: "#200", kind: "initiating" });
  expect(message.ies.map((ie) => ie.id)).toEqual([0, 8, 25]);
  expect(message.faults.map((fault) => fault.code)).toEqual(["value"]);
});
