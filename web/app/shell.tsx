/** The frame around every view: whose case, the table of contents, language and theme, who signs. */
import { Suspense, useEffect, useRef, useState } from "react";
import type { CaseList, CaseSummary } from "#serve/api/types.ts";
import { Page, Ready, Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { findings } from "#web/words/findings.ts";
import { shell } from "#web/words/shell.ts";
import { ALL_CASES } from "./all-cases.tsx";
import { useApi } from "./api.ts";
import { Boundary } from "./boundary.tsx";
import { ALL, CaseChooser, CaseLinks, Cases } from "./cases.tsx";
import { Help } from "./help.tsx";
import { useKeys, type Keys } from "./keyboard.ts";
import { useWords } from "./language.tsx";
import { Link } from "./link.tsx";
import { address, navigate, usePlace } from "./router.ts";
import { Preferences } from "./preferences.tsx";
import { VIEWS } from "./views.ts";

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
  const AllView = entry === undefined ? undefined : ALL_CASES[entry.id];
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
            ) : asked === ALL && AllView !== undefined ? (
              <Ready loaded={cases}>{(loaded) => <AllView cases={loaded.cases} />}</Ready>
            ) : asked === ALL && entry.single ? (
              <Page title={words.views[entry.id]} lede={words.oneCaseOnly}>
                <CaseLinks cases={list ?? []} view={entry.id} />
              </Page>
            ) : (
              <>
                {!TELL_THEMSELVES.has(entry.id) && <Withheld cases={(list ?? []).filter((c) => asked === ALL || c.id === asked)} />}
                {/* another case is another page: nothing of the last one stays */}
                <entry.View key={`${asked}/${entry.id}`} caseId={asked} rest={rest} />
              </>
            )}
          </Suspense>
        </Boundary>
      </main>
      {help && <Help close={() => setHelp(false)} />}
    </div>
  );
}

/** Views that say themselves how much is withheld. */
const TELL_THEMSELVES: ReadonlySet<string> = new Set(["overview", "findings"]);

/** What a view leaves out is no statement that there is nothing. */
function Withheld({ cases }: { readonly cases: readonly CaseSummary[] }) {
  const words = useWords(findings);
  const q = useQuantities();
  const withheld = cases.reduce((sum, c) => sum + c.withheld, 0);
  return withheld > 0 ? <p className="small quiet withheld">{words.withheld(q.count(withheld))}</p> : null;
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
