import type { PacketPair, Packets } from "#serve/api/types.ts";
import { useApi } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { useQuery } from "#web/app/router.ts";
import { Absent, Ready, Section } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Said } from "#web/ui/said.tsx";
import { Term } from "#web/ui/term.tsx";
import { finding as words_ } from "#web/words/finding.ts";

type Masked = PacketPair["copy"];

/** Copy and original, masked, what is equal marked; one pair at a time, its number in the address. */
export function Pairs({ base }: { readonly base: string }) {
  const words = useWords(words_);
  const loaded = useApi<Packets>(`${base}/packets`);
  const [query, setQuery] = useQuery();
  const q = useQuantities();
  const pairs = loaded.data?.pairs ?? [];
  const index = Math.min(Math.max(0, Number(query.get("pair") ?? 1) - 1) || 0, Math.max(0, pairs.length - 1));
  const go = (i: number) => setQuery({ pair: i === 0 ? null : String(i + 1) }, true);
  return (
    <Section
      id="pairs"
      title={pairs.length > 0 && pairs[0]?.original === null ? words.packetsAlone : words.pairs}
      note={
        pairs.length > 0 && (
          <span className="row">
            <button type="button" className="button bare" disabled={index === 0} onClick={() => go(index - 1)}>
              {words.previous}
            </button>
            <span className="num">
              {q.count(index + 1)} / {q.count(pairs.length)}
            </span>
            <button type="button" className="button bare" disabled={index >= pairs.length - 1} onClick={() => go(index + 1)}>
              {words.next}
            </button>
          </span>
        )
      }
    >
      <Ready loaded={loaded}>
        {(data) => {
          const pair = data.pairs[index];
          if (!data.available || pair === undefined)
            return <Absent>{data.why === null ? words.pairsNone : <Said>{data.why}</Said>}</Absent>;
          return (
            <>
              <div className="pair">
                <Packet
                  packet={pair.copy}
                  title={pair.original === null ? words.packetAlone : words.copy}
                  equal={pair.equal.map((e) => ({ from: e.copyFrom, length: e.length }))}
                  copy={pair.original !== null}
                />
                {pair.original !== null && (
                  <Packet
                    packet={pair.original}
                    title={words.original}
                    equal={pair.equal.map((e) => ({ from: e.originalFrom, length: e.length }))}
                  />
                )}
              </div>
              <p className="figure-note">
                <Term name="masked" />
                {q.colon} {pair.equal.length > 0 ? words.equalNote : words.maskedNote} {words.standIns}
              </p>
            </>
          );
        }}
      </Ready>
    </Section>
  );
}

function Packet({
  packet,
  title,
  equal,
  copy = false,
}: {
  readonly packet: Masked;
  readonly title: string;
  readonly equal: readonly { readonly from: number; readonly length: number }[];
  readonly copy?: boolean;
}) {
  const words = useWords(words_);
  const q = useQuantities();
  const isEqual = (at: number) => equal.some((e) => at >= e.from && at < e.from + e.length);
  const fieldAt = (at: number) => packet.fields.find((f) => at >= f.from && at < f.to)?.name ?? "";
  return (
    <figure className="packet">
      <figcaption>
        <strong className={copy ? "vermilion" : undefined}>{title}</strong>
        <span className="small quiet">
          {words.frame(q.count(packet.frame), packet.file ?? packet.capture.slice(0, 12))} · {words.octets(q.count(packet.length))}
          {packet.at !== null && <> · {packet.at.slice(11, 26)} UTC</>}
        </span>
        <span className="small mono quiet">{packet.layers.join(" / ")}</span>
      </figcaption>
      <div className="hex-box" tabIndex={0} role="group" aria-label={title}>
        <table className="hex">
          <tbody>
            {packet.rows.map((row) => (
              <tr key={row.offset}>
                <th scope="row">{row.offset.toString(16).padStart(4, "0")}</th>
                {row.hex.map((byte, i) => {
                  const at = row.offset + i;
                  const masked = !/^[0-9a-f]{2}$/i.test(byte);
                  return (
                    <td
                      key={i}
                      className={`${isEqual(at) ? "eq" : ""}${masked ? " masked" : ""}${i === 8 ? " gap" : ""}`}
                      title={fieldAt(at)}
                    >
                      {masked ? "··" : byte}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="small quiet parts">
        {words.fields}
        {q.colon}{" "}
        {packet.fields.map((f, i) => (
          <span key={i}>
            {i > 0 && " · "}
            <span className="nowrap">
              {words.fieldNames[f.name] ?? f.name} {f.from}–{f.to - 1}
            </span>
          </span>
        ))}
      </p>
    </figure>
  );
}
