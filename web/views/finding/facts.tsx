import type { Finding } from "#serve/api/types.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { Link } from "#web/app/link.tsx";
import { address } from "#web/app/router.ts";
import { Facts } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Identities } from "./identities.tsx";
import { Term } from "#web/ui/term.tsx";
import { finding as words_ } from "#web/words/finding.ts";

/** Pseudonyms written out; more are counted. */
const NAMED = 4;

export function ActFacts({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const shared = useShared();
  const q = useQuantities();
  const { element, receiver, subscribers, transport } = finding;
  return (
    <Facts
      items={[
        [
          <Term name="element">{words.element}</Term>,
          <>
            <Link href={address([finding.case, "overview"], { node: element.name ?? element.address })}>
              {element.name ?? element.address}
            </Link>{" "}
            {element.name !== null && element.address !== null && <span className="mono quiet">{element.address}</span>}
            <br />
            <span className="small quiet">{words.bases[element.basis]}</span>
          </>,
        ],
        [
          words.vendor,
          element.vendor === null ? null : (
            <Link href={address([finding.case, "vendors", element.vendor])}>{finding.vendorName ?? element.vendor}</Link>
          ),
        ],
        [
          finding.claim === "ungranted-access" ? (
            words.party
          ) : finding.claim === "unreasoned-query" ? (
            words.asker
          ) : (
            <Term name="receiver">{words.receiver}</Term>
          ),
          receiver === null ? (
            <span className="quiet">{words.receiverNone}</span>
          ) : (
            <>
              {receiver.name !== null && <>{receiver.name} </>}
              {receiver.identity !== undefined && <span className="mono">{receiver.identity} </span>}
              {receiver.address !== null && <span className="mono">{receiver.address}</span>}
              <br />
              <span className="small">
                <span className={receiver.declared ? "blue" : "vermilion"}>{receiver.declared ? words.declaredYes : words.declaredNo}</span>
                {receiver.port !== null && <span className="quiet">, {words.port(receiver.port)}</span>}
                {receiver.via !== undefined && (
                  <span className="quiet">
                    , {words.via} {receiver.via}
                  </span>
                )}
              </span>
            </>
          ),
        ],
        [
          <Term name="pseudonym">{words.subscribers}</Term>,
          subscribers.count === 0 ? null : (
            <>
              {shared.subscribers(subscribers.count)}
              {subscribers.pseudonyms.slice(0, NAMED).map((p) => (
                <span key={p} className="mono quiet pseudonym">
                  {p}
                </span>
              ))}
              {subscribers.pseudonyms.length > NAMED && (
                <span className="small quiet">{words.andMore(q.count(subscribers.pseudonyms.length - NAMED))}</span>
              )}
              {subscribers.identitiesKept > 0 && <Identities finding={finding} />}
            </>
          ),
        ],
        [
          words.data,
          finding.data.length === 0 ? <span className="quiet">{words.dataNone}</span> : finding.data.map((d) => shared.data[d]).join(", "),
        ],
        [
          words.amount,
          <>
            {finding.bytes > 0 && <>{q.bytes(finding.bytes)}, </>}
            {shared.packets(finding.packets)}
          </>,
        ],
        [words.period, q.period(finding.first, finding.last)],
        [<Term name="act">{words.act}</Term>, words.acts[finding.act]],
        [
          words.transport,
          transport.layers.length === 0 ? null : (
            <>
              <span className="mono">{transport.layers.join(" / ")}</span>
              {transport.encrypted && <>, {words.encrypted}</>}
            </>
          ),
        ],
        [
          words.delay,
          finding.delaySeconds === null ? null : (
            <>
              {q.seconds(finding.delaySeconds)}
              {finding.delaySeconds < 0 && (
                <>
                  <br />
                  <span className="small quiet">{words.delayClocks}</span>
                </>
              )}
            </>
          ),
        ],
      ]}
    />
  );
}
