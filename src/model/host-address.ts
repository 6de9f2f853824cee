/**
 * Names that are addresses: written as text, alone or as the host of a URI.
 */
import { canonicalAddress } from "./target.ts";

/** Longer texts are no name of a host (RFC 1035 §2.3.4) with what a URI puts around it. */
const MOST_CHARACTERS = 512;

/** The address that `text` is: `192.0.2.7`, `[2001:db8::1]:2001`, `sftp://omc@192.0.2.7/traces`; undefined where its host is a name. */
export function addressInText(text: string): string | undefined {
  const whole = text.trim().slice(0, MOST_CHARACTERS);
  const plain = canonicalAddress(whole);
  if (plain !== undefined) return plain;
  // RFC 3986 §3.2: [scheme "://"] [userinfo "@"] host [":" port] [path].
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/?#]*@)?(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d{1,5})?(?:[/?#].*)?$/i.exec(whole);
  const found = host?.[1] ?? host?.[2];
  return found === undefined ? undefined : canonicalAddress(found);
}
