/** Why a request is not answered: what, where, what to do. The codes are a closed list; clients and tests match them, never sentences. */
export type ProblemCode =
  | "bad-request"
  | "not-found"
  | "forbidden"
  | "login-needed"
  | "li-cleared-needed"
  | "wrong-host"
  | "wrong-token"
  | "csrf"
  | "conflict"
  | "too-large"
  | "too-many"
  | "unusable"
  | "not-there-yet"
  | "internal";

const STATUS: Readonly<Record<ProblemCode, number>> = {
  "bad-request": 400,
  "not-found": 404,
  forbidden: 403,
  "login-needed": 401,
  "li-cleared-needed": 403,
  "wrong-host": 421,
  "wrong-token": 401,
  csrf: 403,
  conflict: 409,
  "too-large": 413,
  "too-many": 429,
  unusable: 422,
  "not-there-yet": 501,
  internal: 500,
};

export interface ProblemParts {
  readonly code: ProblemCode;
  readonly what: string;
  readonly where: string;
  readonly todo: string;
}

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly where: string;
  readonly todo: string;

  constructor(code: ProblemCode, what: string, where: string, todo: string) {
    super(what);
    this.code = code;
    this.where = where;
    this.todo = todo;
  }

  get status(): number {
    return STATUS[this.code];
  }

  /** From another thread, which errors do not cross whole. */
  static of({ code, what, where, todo }: ProblemParts): Problem {
    return new Problem(code, what, where, todo);
  }

  parts(): ProblemParts {
    return { code: this.code, what: this.message, where: this.where, todo: this.todo };
  }

  body(): { error: ProblemParts } {
    return { error: this.parts() };
  }
}

export function notFound(what: string, where: string): Problem {
  return new Problem("not-found", `${what} is not there`, where, "go back to the list and choose from it");
}

/** Of an error that nobody foresaw: its message may hold paths or contents, so it stays on the server. */
export function internal(where: string): Problem {
  return new Problem("internal", "the server failed here", where, "look at the server's terminal; please report it");
}
