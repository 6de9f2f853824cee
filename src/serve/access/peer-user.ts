/**
 * Who is at the other end of a loopback connection. A case is its owner's alone (0600), but any user of the machine may connect to a loopback
 * port; Linux says in /proc/net/tcp whose socket that is. Elsewhere this is not known, and `--token` is what helps.
 */
import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";

/** User id of the socket that has this local address and port; undefined where it cannot be told. */
export function socketUser(address: string, port: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const mapped = address.startsWith("::ffff:") ? address.slice(7) : address;
  const portHex = port.toString(16).toUpperCase().padStart(4, "0");
  for (const table of isIPv4(mapped) ? ["tcp", "tcp6"] : ["tcp6"]) {
    let text: string;
    try {
      text = readFileSync(`/proc/net/${table}`, "latin1");
    } catch {
      continue;
    }
    const uid = userIn(text, mapped, portHex);
    if (uid !== undefined) return uid;
  }
  return undefined;
}

/** Layout (proc(5)): `sl local_address rem_address st tx:rx tr:tm retrnsmt uid …`; addresses in hex, each 32-bit word in host order. */
export function userIn(table: string, address: string, portHex: string): number | undefined {
  const local = isIPv4(address) ? hexV4(address) : address === "::1" ? "00000000000000000000000001000000" : undefined;
  if (local === undefined) return undefined;
  const mappedLocal = isIPv4(address) ? `0000000000000000FFFF0000${local}` : local;
  for (const line of table.split("\n")) {
    if (!line.includes(`:${portHex} `)) continue;
    const fields = line.trim().split(/\s+/);
    const own = fields[1];
    if (own !== `${local}:${portHex}` && own !== `${mappedLocal}:${portHex}`) continue;
    const uid = Number(fields[7]);
    return Number.isInteger(uid) ? uid : undefined;
  }
  return undefined;
}

/** 127.0.0.1 is written 0100007F on a little-endian machine, which all that run Node's Linux builds are. */
function hexV4(address: string): string {
  return address
    .split(".")
    .reverse()
    .map((octet) => Number(octet).toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}
