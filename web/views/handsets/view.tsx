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
import { Table } from "#web/ui/table.tsx";

export default function View({ caseId }: ViewProps) {
  const words = useWords(handsets);
  const loaded = useApi<Handsets>(`/cases/${encodeURIComponent(caseId)}/handsets`);
  return (
    <Page title={words.title} lede={words.lede}>
      <Ready loaded={loaded}>
        {(data) => (
          <>
            <Types data={data} />
            <Services data={data} />
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
        <Table columns={[words.tac, words.manufacturer, words.model, { num: words.devices }]}>
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
        </Table>
      )}
      <p className="figure-note">{data.tacList === null ? <OptionText>{words.noList}</OptionText> : words.list(data.tacList)}</p>
    </Section>
  );
}

/** What subscribers' devices talk to: rows of one type under its name. */
function Services({ data }: { readonly data: Handsets }) {
  const words = useWords(handsets);
  const q = useQuantities();
  const types = new Map<string | null, Handsets["services"]>();
  for (const s of data.services) types.set(s.tac, [...(types.get(s.tac) ?? []), s]);
  return (
    <Section title={words.services} note={words.servicesNote}>
      {data.services.length === 0 ? (
        <Absent>{data.servicesKept ? words.noServices : words.servicesOld}</Absent>
      ) : (
        <div className="scroll-x" ref={scrollable}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.service}</th>
                <th scope="col">{words.seenIn}</th>
                <th scope="col" className="num">
                  {words.devices}
                </th>
                <th scope="col" className="num">
                  {words.flows}
                </th>
              </tr>
            </thead>
            {[...types].map(([tac, services]) => (
              <tbody key={tac ?? ""}>
                <tr>
                  <th scope="rowgroup" colSpan={4}>
                    {tac === null ? (
                      <span className="quiet">{words.noType}</span>
                    ) : (
                      <>
                        <span className="mono">{tac}</span> {services[0]?.manufacturer} {services[0]?.model}
                      </>
                    )}
                  </th>
                </tr>
                {services.map((s) => (
                  <tr key={s.name ?? ""}>
                    <td className={s.name === null ? "quiet" : "mono"}>{s.name ?? words.otherNames}</td>
                    <td>{s.sources.map((source) => source.toUpperCase()).join(", ")}</td>
                    <td className="num">{q.count(s.subscribers)}</td>
                    <td className="num">{q.count(s.flows)}</td>
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
      {data.servicesMore > 0 && <p className="figure-note">{words.moreServices(q.count(data.servicesMore))}</p>}
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
        <Table
          columns={[
            words.element,
            words.server,
            words.protocol,
            words.address,
            { num: words.flows },
            { num: words.volume },
            words.standing,
          ]}
        >
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
        </Table>
      )}
    </Section>
  );
}
