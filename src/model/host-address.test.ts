import { expect, it } from "vitest";
import { addressInText } from "./host-address.ts";

it.each([
  ["192.0.2.7", "192.0.2.7"],
  [" 2001:DB8:0::1 ", "2001:db8::1"],
  ["192.0.2.7:2001", "192.0.2.7"],
  ["[2001:db8::1]:2001", "2001:db8::1"],
  ["sftp://omc@192.0.2.7/traces/", "192.0.2.7"],
  ["https://[2001:db8::7]:8443/x?y", "2001:db8::7"],
  ["omc-1", undefined],
  ["192.0.2.7.example.net", undefined],
  ["ftp://tce.example.net/192.0.2.7", undefined],
  ["1.2.3", undefined],
  ["300.1.1.1", undefined],
  ["", undefined],
])("%s is %s", (text, address) => expect(addressInText(text)).toBe(address));
