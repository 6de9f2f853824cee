/** The frame around every view: whose case, the table of contents, language and theme, who signs. */
import { scrollable } from "#web/ui/scrollable.ts";
import { Suspense, useEffect, useId, useRef, useState } from "react";
import type { CaseList, CaseSummary } from "#serve/api/types.ts";
import { GradeMark } from "#web/ui/marks.tsx";
import { Absent, Page, Ready, Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { OptionText } from "#web/ui/option-text.tsx";
import { NewCaseForm } from "#web/views/upload/new-case.tsx";
import { shell } from "#web/words/shell.ts";
import { useApi } from "./api.ts";
import { Boundary } from "./boundary.tsx";
import { Help } from "./help.tsx";
import { useKeys, type Keys } from "./keyboard.ts";
import { useLanguage, useShared, useWords } from "./language.tsx";
import { Link } from "./link.tsx";
import { useConnected } from "./live.ts";
import { address, navigate, usePlace } from "./router.ts";
import { useSession } from "./session.tsx";
import { applyTheme, storedTheme, type Theme } from "./theme.ts";
import { VIEWS } from "./views.ts";

export const ALL = "all";

export function Shell() {
  const words = useWords(shell);
  const cases = useApi<CaseList>("/cases");
  const { path } = usePlace();
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  const list = cases.data?.cases;
  const [asked, view = "overview", ...rest] = path;
  const caseId = asked ?? (list?.length === 1 ? list[0]?.id : undefined);
  const entry = VIEWS.find((v) => v.id === view);
  const place = path.join("/");

  useEffect(() => {
    if (asked === undefined && caseId !== undefined) navigate(address([caseId, "overview"]), { replace: true });
  }, [asked, caseId]);
  useEffect(() => setMenu(false), [place]);
  const keys: Record<string, () => void> = {
    "?": () => setHelp((shown) => !shown),
    "/": () => document.querySelector<HTMLInputElement>("[data-search]")?.focus(),
    "g c": () => navigate("/"),
  };
  if (caseId !== undefined) for (const v of VIEWS) keys[`g ${v.letter}`] = () => navigate(address([caseId, v.id]));
  useKeys(keys as Keys);

  return (
    <div className="shell">
      <a className="skip" href="#text">
        {words.skip}
      </a>
      <header className="spine">
        <div className="spine-top">
          <Link href="/" className="brand">
            Tapproof
          </Link>
          <button
            type="button"
            className="button bare menu-button"
            aria-expanded={menu}
            aria-controls="contents"
            onClick={() => setMenu(!menu)}
          >
            {words.contents}
          </button>
        </div>
        <div id="contents" className={menu ? "spine-body open" : "spine-body"}>
          {caseId !== undefined && list !== undefined && <CaseChooser cases={list} caseId={caseId} view={entry?.id ?? "overview"} />}
          {caseId !== undefined && (
            <nav aria-label={words.contents}>
              <ol>
                {VIEWS.map((v) => (
                  <li key={v.id}>
                    <Link href={address([caseId, v.id])} aria-current={v.id === view ? "page" : undefined} onClick={() => setMenu(false)}>
                      <span>{words.views[v.id]}</span>
                      <kbd aria-hidden="true">{v.letter}</kbd>
                    </Link>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <Preferences openHelp={() => setHelp(true)} />
        </div>
      </header>
      <main id="text" tabIndex={-1}>
        <Boundary place={place} fallback={(error, again) => <Failed error={error} again={again} />}>
          <Suspense fallback={null}>
            {asked === undefined ? (
              <Ready loaded={cases}>{(loaded) => <Cases cases={loaded.cases} />}</Ready>
            ) : entry === undefined || (list !== undefined && asked !== ALL && !list.some((c) => c.id === asked)) ? (
              <NotFound />
            ) : asked === ALL && entry.single ? (
              <Page title={words.views[entry.id]} lede={words.oneCaseOnly}>
                <CaseLinks cases={list ?? []} view={entry.id} />
              </Page>
            ) : (
              // another case is another page: nothing of the last one stays
              <entry.View key={`${asked}/${entry.id}`} caseId={asked} rest={rest} />
            )}
          </Suspense>
        </Boundary>
      </main>
      {help && <Help close={() => setHelp(false)} />}
    </div>
  );
}

function CaseChooser({ cases, caseId, view }: { readonly cases: readonly CaseSummary[]; readonly caseId: string; readonly view: string }) {
  const words = useWords(shell);
  const id = useId();
  const one = cases.find((c) => c.id === caseId);
  if (cases.length < 2)
    return (
      <div className="case-name">
        <span className="small quiet">{words.caseLabel}</span>
        <strong>{one?.name ?? caseId}</strong>
        {one?.network !== null && one?.network !== undefined && one.network !== one.name && (
          <span className="quiet small">{one.network}</span>
        )}
      </div>
    );
  return (
    <div className="case-name">
      <label className="small quiet" htmlFor={id}>
        {words.caseLabel}
      </label>
      <select id={id} className="box" value={caseId} onChange={(event) => navigate(address([event.target.value, view]))}>
        {cases.map((c) => (
          <option key={c.id} value={c.id}>
            {c.name}
          </option>
        ))}
        <option value={ALL}>{words.allCases}</option>
      </select>
      {one?.network !== null && one?.network !== undefined && <span className="quiet small">{one.network}</span>}
    </div>
  );
}

const THEMES: readonly Theme[] = ["system", "light", "dark"];

function Preferences({ openHelp }: { readonly openHelp: () => void }) {
  const words = useWords(shell);
  const { language, setLanguage } = useLanguage();
  const connected = useConnected();
  const { session, rename } = useSession();
  const [theme, setTheme] = useState(storedTheme);
  const [naming, setNaming] = useState(false);
  const [error, setError] = useState<string>();
  const themeId = useId();
  return (
    <div className="preferences">
      <div className="signs">
        <span className="small quiet">{words.author}</span>
        {naming ? (
          <form
            className="row"
            action={(form) => {
              rename(String(form.get("author"))).then(
                () => setNaming(false),
                (e: unknown) => setError(e instanceof Error ? e.message : String(e)),
              );
            }}
          >
            <input
              name="author"
              className="box"
              aria-label={words.yourName}
              defaultValue={session.author}
              maxLength={100}
              required
              autoFocus
            />
            <button type="submit" className="button">
              {words.save}
            </button>
            {error !== undefined && <span role="alert">{error}</span>}
          </form>
        ) : (
          <button type="button" className="button bare name" title={words.authorWhy} onClick={() => setNaming(true)}>
            {session.author}
          </button>
        )}
      </div>
      <div className="languages" role="group" aria-label={words.language}>
        <button type="button" lang="en" aria-pressed={language === "en"} onClick={() => setLanguage("en")}>
          English
        </button>
        <button type="button" lang="fr" aria-pressed={language === "fr"} onClick={() => setLanguage("fr")}>
          Français
        </button>
      </div>
      <div className="theme">
        <label htmlFor={themeId} className="small quiet">
          {words.theme}
        </label>
        <select
          id={themeId}
          value={theme}
          onChange={(event) => {
            const next = event.target.value as Theme;
            applyTheme(next);
            setTheme(next);
          }}
        >
          {THEMES.map((t) => (
            <option key={t} value={t}>
              {words.themes[t]}
            </option>
          ))}
        </select>
      </div>
      <button type="button" className="button bare small" onClick={openHelp}>
        {words.keys} <kbd>?</kbd>
      </button>
      <p className={connected ? "small quiet" : "small not-live"} role="status">
        {connected ? words.live : words.notLive}
      </p>
    </div>
  );
}

function Cases({ cases }: { readonly cases: readonly CaseSummary[] }) {
  const q = useQuantities();
  const words = useWords(shell);
  if (cases.length === 0)
    return (
      <Page title={words.cases}>
        <Absent>
          <OptionText>{words.noCase}</OptionText>
        </Absent>
        <NewCaseForm />
      </Page>
    );
  return (
    <Page title={words.cases} lede={words.casesLede}>
      <CaseLinks cases={cases} view="overview" />
      {cases.length > 1 && (
        <p className="row">
          <Link className="button" href={address([ALL, "findings"])}>
            {words.allCases}
            {q.colon} {words.views.findings}
          </Link>
          <Link className="button" href={address([ALL, "exposure"])}>
            {words.allCases}
            {q.colon} {words.views.exposure}
          </Link>
          <Link className="button" href={address([ALL, "vendors"])}>
            {words.allCases}
            {q.colon} {words.views.vendors}
          </Link>
        </p>
      )}
      <NewCaseForm />
    </Page>
  );
}

function CaseLinks({ cases, view }: { readonly cases: readonly CaseSummary[]; readonly view: string }) {
  const words = useWords(shell);
  const shared = useShared();
  const q = useQuantities();
  return (
    <div className="scroll-x" ref={scrollable}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.caseLabel}</th>
            <th scope="col">{words.network}</th>
            <th scope="col">{words.watched}</th>
            <th scope="col" className="num">
              {words.packets}
            </th>
            {(["proven", "corroborated", "indication"] as const).map((grade) => (
              <th scope="col" className="num" key={grade}>
                <GradeMark grade={grade} /> {shared.grades[grade]}
              </th>
            ))}
            <th scope="col">{words.basis}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((c) => (
            <tr key={c.id}>
              <th scope="row">
                <Link href={address([c.id, view])}>{c.name}</Link>
              </th>
              <td>
                {c.network ?? "–"}
                {c.country !== null && <span className="quiet"> ({q.country(c.country)})</span>}
              </td>
              <td className="nowrap">{c.empty ? words.empty : q.period(c.first, c.last)}</td>
              <td className="num">{q.count(c.packets)}</td>
              <td className="num">{q.count(c.grades.proven)}</td>
              <td className="num">{q.count(c.grades.corroborated)}</td>
              <td className="num">{q.count(c.grades.indication)}</td>
              <td className={c.basis === null ? "quiet" : undefined}>{c.basis ?? words.noBasis}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NotFound() {
  const words = useWords(shell);
  const { path } = usePlace();
  return (
    <Page title="404" lede={words.notFound}>
      <p>
        <Link className="button" href={address(path[0] === undefined ? [] : [path[0], "overview"])}>
          {words.toOverview}
        </Link>
      </p>
    </Page>
  );
}

function Failed({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const words = useWords(shell);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1}>
      <p className="lede">{words.failed}</p>
      <Trouble error={error} retry={again} />
    </div>
  );
}
