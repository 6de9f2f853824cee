import type { Finding } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { CopyButton } from "#web/ui/copy.tsx";
import { Exports } from "#web/ui/exports.tsx";
import { Section } from "#web/ui/page.tsx";
import { finding as words_ } from "#web/words/finding.ts";

export function Share({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  return (
    <Section id="share" title={words.share}>
      <p>
        <CopyButton text={`${window.location.origin}${window.location.pathname}`} label={words.link} />
      </p>
      <Exports caseId={finding.case} />
    </Section>
  );
}
