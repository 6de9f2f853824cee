import { expect, it } from "vitest";
import { KnownIdentities, Masking } from "./mask-text.ts";

const users = new Set(["172.16.0.2", "2001:db8:1::7"]);
/** An IMSI, an MSISDN, an IMEISV (16 digits; TS 23.003 §6.2.2), the shortest and the longest that anybody is told by. */
const digits = new Set(["001010123456789", "491701234567", "3534900698733190", "262011", "12345678901234567"]);
const masking = new Masking({
  isUser: (address) => users.has(address),
  isIdentity: (text) => digits.has(text),
  mayName: (name) => ["core.pcap", "mme-1.epc.mnc001.mcc208.3gppnetwork.org"].includes(name),
  pseudonym: (identity) => `s:${identity.length}`,
});

it("keeps what belongs to the network, hides what belongs to a subscriber", () => {
  expect(masking.text("10.0.0.1 sent 12345678 octets of 172.16.0.2, not 172.16.0.23, to 2001:db8:1::7 and 2001:db8::1")).toBe(
    "10.0.0.1 sent 12345678 octets of s:13, not 172.16.0.23, to s:16 and 2001:db8::1",
  );
  expect(masking.text("asked for 001010123456789, 0010101234567890 and 491701234567.")).toBe(
    "asked for (masked), 0010101234567890 and (masked).",
  );
  expect(masking.text("devices 3534900698733190 and 3534900698733191, 262011, 12345678901234567")).toBe(
    "devices (masked) and 3534900698733191, (masked), (masked)",
  );
  expect(masking.text("www.example.org in core.pcap at mme-1.epc.mnc001.mcc208.3gppnetwork.org, sip:alice@ims.example.com")).toBe(
    "(masked) in core.pcap at mme-1.epc.mnc001.mcc208.3gppnetwork.org, sip:(masked)",
  );
  expect(masking.text("3GPP TS 29.281 §5.1, version 0.1.0, 1.5 s, e.g. 2^-64")).toBe(
    "3GPP TS 29.281 §5.1, version 0.1.0, 1.5 s, e.g. 2^-64",
  );
});

it("facts whose name says that they identify are hidden whatever they hold", () => {
  expect(
    masking.details({
      farId: 1,
      teid: 903_712_537,
      sample: 1,
      share: 0.5,
      device: 3_534_900_698_733_190,
      liFunction: true,
      serverName: "",
      domain: "x",
      note: "to 172.16.0.2",
    }),
  ).toEqual({
    farId: 1,
    teid: "(masked)",
    sample: 1,
    share: "0.5",
    device: "(masked)",
    liFunction: true,
    serverName: "",
    domain: "(masked)",
    note: "to s:13",
  });
  expect(masking.address(null)).toBeNull();
  expect(masking.address("172.16.0.2")).toBe("s:13");
});

it("a device is told in each spelling of its IMEI, and nobody else with it", () => {
  const known = new KnownIdentities();
  known.addDevice("3534900698733190");
  known.add("001010123456789");
  for (const same of ["35349006987331", "353490069873313", "3534900698733190", "3534900698733155"])
    expect(known.has(same), same).toBe(true);
  for (const other of ["3534900698733", "35349006987332", "353490069873323", "35349006987331901"])
    expect(known.has(other), other).toBe(false);
  expect(known.has("001010123456789")).toBe(true);
  for (const other of ["00101012345678", "001010123456788"]) expect(known.has(other), "an IMSI is told whole").toBe(false);
});

it("texts within a statement's values are masked however deep; codes and counts stay", () => {
  const values = {
    n: 12,
    at: "172.16.0.2",
    said: { code: "x.172.16.0.2", values: { to: "of 172.16.0.2" } },
    list: ["172.16.0.2", { code: "y", values: { m: 3 } }],
  };
  expect(masking.values(values as never)).toEqual({
    n: 12,
    at: "s:13",
    said: { code: "x.172.16.0.2", values: { to: "of s:13" } },
    list: ["s:13", { code: "y", values: { m: 3 } }],
  });
});
