/** Sessions: a cookie that scripts cannot read, and a token that only a page of this server's can send back. Held in memory alone. */
import type { Reader } from "#report/reader.ts";
import { randomBytes, timingSafeEqual, createHash } from "node:crypto";
import { userInfo } from "node:os";
import type { Right } from "#serve/api/schemas.ts";
import { limits } from "#serve/limits.ts";
import type { Role } from "./accounts.ts";

export interface Session {
  readonly id: string;
  readonly csrf: string;
  /** Under which name casework is recorded. */
  author: string;
  readonly rights: ReadonlySet<Right>;
  /** Of an account, whose name is the author's; null where all share one token, or none. */
  readonly role: Role | null;
}

export function isCleared(session: Session): boolean {
  return session.rights.has("li-cleared");
}

/** The session's rights as they bear on what a case tells. */
export function readerOf(session: Session): Reader {
  return { liCleared: isCleared(session), identities: session.rights.has("identities") };
}

/** Whose work it is, for limits: an account's, or where there are none a session's. */
export function accountKey(session: Session): string {
  return session.role === null ? `session ${session.id}` : `account ${session.author}`;
}

export const COOKIE = "tapproof_session";

export class Sessions {
  private readonly known = new Map<string, Session>();
  private readonly cookieName: string;

  /** The port is part of the cookie's name: cookies know no ports, and two servers on one machine must not take each other's. */
  constructor(port: () => number) {
    this.port = port;
    this.cookieName = COOKIE;
  }
  private readonly port: () => number;

  get name(): string {
    return `${this.cookieName}_${this.port()}`;
  }

  find(cookieHeader: string | undefined): Session | undefined {
    const id = cookieOf(cookieHeader, this.name);
    return id === undefined ? undefined : this.known.get(id);
  }

  begin(rights: ReadonlySet<Right>, author = defaultAuthor(), role: Role | null = null): Session {
    // one account that logs in again and again ends its own sessions, not others'
    const own = role === null ? [] : [...this.known.values()].filter((s) => s.role !== null && s.author === author);
    const oldest =
      own.length >= limits.sessionsOfOne ? own[0]?.id : this.known.size >= limits.sessions ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
    const session = { id: randomBytes(24).toString("base64url"), csrf: randomBytes(24).toString("base64url"), author, rights, role };
    this.known.set(session.id, session);
    return session;
  }

  cookie(session: Session, secure: boolean): string {
    return `${this.name}=${session.id}; Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  }
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** In constant time, whatever the lengths. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function defaultAuthor(): string {
  try {
    return userInfo().username.slice(0, 100) || "operator";
  } catch {
    return "operator";
  }
}
