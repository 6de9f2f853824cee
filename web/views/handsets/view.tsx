/** Device types of subscribers, and services; what network elements themselves do is another section and another table. */
import { scrollable } from "#web/ui/scrollable.ts";
import type { Handsets } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import type { ViewProps } from "#web/app/views.ts";
import { OptionText } from "#web/ui/option-text.tsx";
import { Absent, Page, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { handsets } from "#web/words/handsets.ts";

export default function View({ caseId }: ViewProps) {
  const words = useWords(handsets);
  const loaded = useApi<Handsets>(`/cases/${encodeURIComponent(caseId)}/handsets`);
  return (
    <Page title={words.title} lede={words.lede}>
      <Ready loaded={loaded}>
        {(data) => (
          <>
            <Types data={data} />
            <Section title={words.services}>
              <Absent>{words.servicesWhy}</Absent>
            </Section>
            <Elements data={data} caseId={caseId} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Types({ data }: { readonly data: Handsets }) {
  const words = useWords(handsets);
  const q = useQuantities();
  return (
    <Section title={words.types} note={words.typesNote(q.count(data.subscribers), q.count(data.unnamed))}>
      {data.types.length === 0 ? (
        <Absent>{words.noTypes}</Absent>
      ) : (
        <div className="scroll-x" ref={scrollable}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.tac}</th>
                <th scope="col">{words.manufacturer}</th>
                <th scope="col">{words.model}</th>
                <th scope="col" className="num">
                  {words.devices}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.types.map((t) => (
                <tr key={t.tac}>
                  <th scope="row" className="mono">
                    {t.tac}
                  </th>
                  <td>{t.manufacturer ?? <span className="quiet">{data.tacList === null ? "–" : words.unknown}</span>}</td>
                  <td>{t.model ?? <span className="quiet">–</span>}</td>
                  <td className="num">{q.count(t.devices)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="figure-note">{data.tacList === null ? <OptionText>{words.noList}</OptionText> : words.list(data.tacList)}</p>
    </Section>
  );
}

function Elements({ data, caseId }: { readonly data: Handsets; readonly caseId: string }) {
  const words = useWords(handsets);
  const q = useQuantities();
  return (
    <Section title={words.elements} note={words.elementsNote}>
      {data.elements.length === 0 ? (
        <Absent>{words.noElements}</Absent>
      ) : (
        <div className="scroll-x" ref={scrollable}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.element}</th>
                <th scope="col">{words.server}</th>
                <th scope="col">{words.protocol}</th>
                <th scope="col">{words.address}</th>
                <th scope="col" className="num">
                  {words.flows}
                </th>
                <th scope="col" className="num">
                  {words.volume}
                </th>
                <th scope="col">{words.standing}</th>
              </tr>
            </thead>
            <tbody>
              {data.elements.map((e, i) => (
                <tr key={i}>
                  <th scope="row">
                    <Link href={address([caseId, "findings"], { element: e.element })}>{e.element}</Link>
                  </th>
                  <td className="mono">{e.name}</td>
                  <td>{e.protocol}</td>
                  <td className="mono">{e.address}</td>
                  <td className="num">{q.count(e.flows)}</td>
                  <td className="num nowrap">{q.bytes(e.bytes)}</td>
                  <td className={e.declared ? "blue" : "vermilion"}>{e.declared ? words.declared : words.undeclared}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
