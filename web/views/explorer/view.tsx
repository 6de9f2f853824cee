/** Sessions, messages, tunnels and flows of a case, searched; around a finding and back to it. */
import { useEffect, useState } from "react";
import type { Explored } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address, useQuery } from "#web/app/router.ts";
import { useSession } from "#web/app/session.tsx";
import type { ViewProps } from "#web/app/views.ts";
import { Page, Ready } from "#web/ui/page.tsx";
import { explorer } from "#web/words/explorer.ts";
import "./explorer.css";
import { LookUp } from "./look-up.tsx";
import { Messages } from "./messages.tsx";
import { Flows, Sessions, Tunnels } from "./tables.tsx";

export default function View({ caseId }: ViewProps) {
  const words = useWords(explorer);
  const { session } = useSession();
  const [query] = useQuery();
  const finding = query.get("finding");
  const subscriber = query.get("subscriber");
  const asked = new URLSearchParams(finding === null ? { q: subscriber ?? query.get("q") ?? "" } : { finding });
  const base = `/cases/${encodeURIComponent(caseId)}`;
  const loaded = useApi<Explored>(`${base}/explore?${asked.toString()}`);
  return (
    <Page title={words.title} lede={words.lede}>
      <Search key={subscriber ?? query.get("q") ?? ""} asked={subscriber ?? query.get("q") ?? ""} />
      {session.rights.includes("identities") && <LookUp caseId={caseId} />}
      {finding !== null && (
        <p className="row explorer-about">
          <strong>{words.aroundFinding(finding.slice(0, 12))}</strong>
          <Link href={address([caseId, "findings", finding])}>{words.toFinding}</Link>
          <Link href={address([caseId, "explorer"])}>{words.clear}</Link>
        </p>
      )}
      {(subscriber ?? query.get("q")) !== null && (
        <p className="row explorer-about">
          {subscriber !== null && <strong className="mono">{words.ofSubscriber(subscriber)}</strong>}
          <Link href={address([caseId, "explorer"])}>{words.clear}</Link>
        </p>
      )}
      <Ready loaded={loaded}>
        {(data) => (
          <>
            <Sessions data={data} caseId={caseId} />
            <Messages base={base} caseId={caseId} />
            <Tunnels data={data} caseId={caseId} />
            <Flows data={data} caseId={caseId} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Search({ asked }: { readonly asked: string }) {
  const words = useWords(explorer);
  const [, setQuery] = useQuery();
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  return (
    <form
      role="search"
      className="explorer-search"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ q: text.trim(), finding: null, subscriber: null, at: null });
      }}
    >
      <label className="field">
        <span>{words.search}</span>
        <input
          type="search"
          data-search
          maxLength={200}
          value={text}
          placeholder={words.hint}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button primary">
        {words.find}
      </button>
    </form>
  );
}
