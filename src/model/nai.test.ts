import { describe, expect, it } from "vitest";
import { imsiOfNai } from "./nai.ts";
import { foldTarget } from "./target.ts";

/** TS 23.003 §19.3.2: method 0 EAP-AKA, 1 EAP-SIM, 6 EAP-AKA'; §19.3.3 decorated. */
describe("IMSI of a NAI", () => {
  it.each([
    ["0234150999999999@nai.epc.mnc015.mcc234.3gppnetwork.org", "234150999999999"],
    ["6234150999999999@nai.epc.mnc015.mcc234.3gppnetwork.org", "234150999999999"],
    ["234150999999999@ims.mnc015.mcc234.3gppnetwork.org", "234150999999999"],
    ["234150999999999@example.net", "234150999999999"],
    ["0234150999999999@example.net", "234150999999999"],
    ["visited.example!0234150999999999@home.example", "234150999999999"],
    // An IMSI of 14 digits behind its method, and one whose country code begins with 2.
    ["023415099999999@nai.epc.mnc015.mcc234.3gppnetwork.org", "23415099999999"],
    ["208150999999999@nai.epc.mnc015.mcc208.3gppnetwork.org", "208150999999999"],
    // Pseudonyms and fast re-authentication (2, 3, 4, 5, 7, 8), accounts, numbers.
    ["2234150999999999@nai.epc.mnc015.mcc234.3gppnetwork.org", undefined],
    ["alice@example.net", undefined],
    ["33612345678@example.net", undefined],
    ["234150999999999", undefined],
    ["", undefined],
  ])("%s: %s", (text, imsi) => expect(imsiOfNai(text)).toBe(imsi));
});

it("a target named so is that IMSI, and one named by an address that address", () => {
  expect(foldTarget("nai", "0234150999999999@nai.epc.mnc015.mcc234.3gppnetwork.org")).toMatchObject({
    kind: "imsi",
    value: "234150999999999",
  });
  expect(foldTarget("impi", "10.1.2.3")).toMatchObject({ kind: "ip", value: "10.1.2.3" });
  expect(foldTarget("nai", "alice@example.net")).toMatchObject({ kind: "nai", value: "alice@example.net" });
});
