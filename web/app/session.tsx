/** Who reads, and what this server can do. */
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Login, Session, SessionChange } from "#serve/api/types.ts";
import { Trouble } from "#web/ui/page.tsx";
import { shell } from "#web/words/shell.ts";
import { ApiError, openSession, renewed, send } from "./api.ts";
import { useWords } from "./language.tsx";
import { listen } from "./live.ts";
import { fieldText } from "#web/ui/field-text.ts";

interface Held {
  readonly session: Session;
  /** Under which name comments and triage are recorded. */
  readonly rename: (author: string) => Promise<void>;
}

const Context = createContext<Held | null>(null);

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState<Error>();
  const open = useCallback(() => {
    setError(undefined);
    openSession().then(setSession, (e: unknown) => setError(e instanceof Error ? e : new Error(String(e))));
  }, []);
  useEffect(open, [open]);
  useEffect(() => (session === undefined ? undefined : listen()), [session === undefined]);
  const held = useMemo<Held | null>(
    () =>
      session === undefined
        ? null
        : {
            session,
            rename: async (author) => {
              setSession(renewed(await send<Session>("PUT", "/session", { author } satisfies SessionChange)));
            },
          },
    [session],
  );
  if (held !== null) return <Context value={held}>{children}</Context>;
  if (error instanceof ApiError && error.status === 401) return <LoginForm opened={setSession} />;
  return error === undefined ? null : (
    <main className="alone">
      <Trouble error={error} retry={open} />
    </main>
  );
}

function LoginForm({ opened }: { readonly opened: (session: Session) => void }) {
  const words = useWords(shell);
  const [error, setError] = useState<Error>();
  const login = (form: FormData) => {
    const body: Login = { token: fieldText(form, "token"), author: fieldText(form, "author") };
    send<Session>("POST", "/login", body).then(
      (session) => opened(renewed(session)),
      (e: unknown) => setError(e instanceof Error ? e : new Error(String(e))),
    );
  };
  return (
    <main className="alone">
      <h1>Tapproof</h1>
      <p className="lede">{words.loginWhy}</p>
      <form action={login} className="login">
        <label className="field">
          <span>{words.yourName}</span>
          <input name="author" required maxLength={100} autoComplete="name" />
        </label>
        <label className="field">
          <span>{words.token}</span>
          <input name="token" type="password" required autoComplete="current-password" />
        </label>
        <button type="submit" className="button primary">
          {words.enter}
        </button>
      </form>
      {error !== undefined && <Trouble error={error} />}
    </main>
  );
}

export function useSession(): Held {
  const held = use(Context);
  if (held === null) throw new Error("no session around this component");
  return held;
}
