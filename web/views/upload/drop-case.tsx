import { useState } from "react";
import type { CaseSummary } from "#serve/api/types.ts";
import { invalidate, send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { address, navigate } from "#web/app/router.ts";
import { Trouble } from "#web/ui/page.tsx";
import { upload as words_ } from "#web/words/upload.ts";
import { DropBox } from "./drop-box.tsx";
import { keepFor } from "./pending.ts";

/** The place for captures where no case is open yet: a case is made for them, named after the first. */
export function DropCase() {
  const words = useWords(words_);
  const [error, setError] = useState<Error>();
  const take = (files: readonly File[]): void => {
    const first = files[0];
    if (first === undefined) return;
    setError(undefined);
    const name = first.name.replace(/(\.(pcap|pcapng|cap|gz))+$/i, "").slice(0, 80);
    send<CaseSummary>("POST", "/cases", { name: name === "" ? first.name.slice(0, 80) : name }).then(
      (made) => {
        keepFor(made.id, files);
        invalidate((path) => path === "/cases");
        navigate(address([made.id, "upload"]));
      },
      (e: unknown) => setError(e instanceof Error ? e : new Error(String(e))),
    );
  };
  return (
    <>
      <DropBox take={take} note={words.dropCase} />
      {error !== undefined && <Trouble error={error} />}
    </>
  );
}
