/** Key log files (RFC 9850, the format of SSLKEYLOGFILE). */
import { readFileSync, statSync } from "node:fs";
import { CaptureError } from "#capture/reader.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { hmac, open } from "./primitives.ts";

export const TLS_KEY_LOG_LIMITS = {
  /** Octets of the file: stops a wrong file from being parsed as text. */
  fileBytes: 256 * 1024 * 1024,
} as const;

const LINE = /^([A-Z0-9_]{1,64}) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{32,128})$/;
const EXPECTED = "name a TLS key log (the format of SSLKEYLOGFILE)";

class KeyLog implements TlsKeys {
  readonly hmac = hmac;
  readonly open = open;
  private readonly secrets: ReadonlyMap<string, Uint8Array>;

  constructor(secrets: ReadonlyMap<string, Uint8Array>) {
    this.secrets = secrets;
  }

  secret(label: string, clientRandom: string): Uint8Array | undefined {
    return this.secrets.get(`${label} ${clientRandom}`);
  }
}

/** Lines that are no secret (comments, blank lines, labels of another form) are passed over. Throws `CaptureError`, exit 2, where there is no secret at all. */
export function loadTlsKeyLog(path: string): TlsKeys {
  let text: string;
  try {
    if (statSync(path).size > TLS_KEY_LOG_LIMITS.fileBytes) throw new CaptureError("too large for a TLS key log", path, EXPECTED);
    text = readFileSync(path, "latin1");
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError("cannot be read", path, EXPECTED, "unreadable");
  }
  const secrets = new Map<string, Uint8Array>();
  for (const line of text.split(/\r?\n/)) {
    const found = LINE.exec(line);
    if (found !== null) secrets.set(`${found[1]} ${(found[2] as string).toLowerCase()}`, Buffer.from(found[3] as string, "hex"));
  }
  if (secrets.size === 0) throw new CaptureError("holds no secret", path, EXPECTED);
  return new KeyLog(secrets);
}
