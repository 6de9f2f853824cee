import { describe, expect, it } from "vitest";
import { lost, readCounters, toolArguments, type ToolCounters } from "./tool.ts";

const none = (): ToolCounters => ({ received: -1, captured: -1, dropped: -1, interfaceDropped: -1 });

function read(...lines: string[]): ToolCounters {
  const counters = none();
  for (const line of lines) readCounters(line, counters);
  return counters;
}

describe("what capture programs say of their losses", () => {
  it("tcpdump at its end, line by line", () => {
    expect(read("12 packets captured", "15 packets received by filter", "3 packets dropped by kernel")).toEqual({
      ...none(),
      captured: 12,
      received: 15,
      dropped: 3,
    });
  });

  it("tcpdump on SIGUSR1, all on one line, singular too", () => {
    const line = "tcpdump: 1 packet captured, 2 packets received by filter, 0 packets dropped by kernel, 1 packet dropped by interface";
    expect(read(line)).toEqual({ captured: 1, received: 2, dropped: 0, interfaceDropped: 1 });
  });

  it("dumpcap at its end: received does not include dropped there", () => {
    const counters = read(
      "Packets captured: 12",
      "Packets received/dropped on interface 'eth0': 12/3 (pcap:3/dumpcap:0/flushed:0/ps_ifdrop:0) (80.0%)",
    );
    expect(counters).toEqual({ ...none(), captured: 12, received: 15, dropped: 3 });
    expect(lost(counters)).toBe(3);
  });

  it("what was received and not captured is lost, whatever 'dropped' says: tcpdump abandons its ring when it ends", () => {
    expect(lost(read("82699 packets captured", "200000 packets received by filter", "0 packets dropped by kernel"))).toBe(117_301);
  });

  it("nothing said is nothing known, not a loss", () => {
    expect(lost(none())).toBe(0);
    expect(
      read("tcpdump: listening on lo, link-type EN10MB (Ethernet), snapshot length 262144 bytes", "999999999999999999 packets captured"),
    ).toEqual(none());
  });

  it("an interface stays one argument", () => {
    expect(toolArguments("tcpdump", "eth0")).toContain("eth0");
    expect(toolArguments("dumpcap", "eth0").slice(0, 2)).toEqual(["-i", "eth0"]);
  });
});
