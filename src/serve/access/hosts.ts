/**
 * Which names a request may call this server by. A page of a stranger whose name suddenly resolves to 127.0.0.1 (DNS rebinding) still sends
 * its own name in `Host`, and is refused.
 */
import { isIP } from "node:net";

export class HostNames {
  private readonly names: ReadonlySet<string>;

  /** `host` is what the server listens on, `more` what its operator calls it besides. */
  constructor(host: string, more: readonly string[]) {
    this.names = new Set(["127.0.0.1", "localhost", "[::1]", bracketed(host), ...more.map((name) => bracketed(name.toLowerCase()))]);
  }

  allows(header: string | undefined): boolean {
    return header !== undefined && this.names.has(withoutPort(header.toLowerCase()));
  }

  /** `Origin` of a page that this server itself gave out. */
  allowsOrigin(origin: string): boolean {
    const match = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase());
    return match !== null && this.allows(match[1]);
  }
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, "");
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
