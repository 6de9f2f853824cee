/** The way of the data: from the subscriber through the elements to where it should have gone, and where it left. */
import type { FindingRecord } from "#findings/document.ts";
import { delayToTell, onSubscribersWay } from "#findings/shown.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import type { Way, WayStation } from "#serve/api/types.ts";
import { readCase } from "#store/query.ts";

export async function wayOf(of: OpenCase, finding: FindingRecord, cleared: boolean): Promise<Way> {
  const notes: string[] = [];
  const { receiver, element } = finding;
  const elementStation: WayStation = {
    id: element.name ?? element.address ?? "element",
    kind: "element",
    label: element.name ?? element.address ?? "not known",
    detail: null,
    address: element.address,
  };
  const to: WayStation | null =
    receiver === null
      ? null
      : {
          id: receiver.name ?? receiver.identity ?? receiver.address ?? "receiver",
          kind: "receiver",
          label: receiver.name ?? receiver.identity ?? receiver.address ?? "not known",
          detail: receiver.port === null ? null : `port ${receiver.port}`,
          address: receiver.address,
        };
  const branch =
    to === null
      ? null
      : {
          to,
          layers: [...finding.transport.layers],
          encrypted: finding.transport.encrypted,
          delaySeconds: delayToTell(finding),
          packets: finding.packets,
          bytes: finding.bytes,
        };
  const model = of.model(cleared);
  const roles = element.address === null ? [] : [...model.nodeAt(element.address, false).roles.keys()];
  if (!onSubscribersWay(finding.claim, roles)) {
    elementStation.detail = roles.join(", ") || null;
    return {
      path: [elementStation],
      leavesAt: branch === null ? null : 0,
      branch,
      notes: ["This act is an exchange with the element itself; no subscriber's path is drawn."],
    };
  }
  const path: WayStation[] = [];
  const shown = finding.subscribers.pseudonyms[0];
  if (shown !== undefined) {
    const more = finding.subscribers.count - 1;
    path.push({ id: shown, kind: "subscriber", label: shown, detail: more > 0 ? `and ${more} more` : null, address: null });
    for (const station of await tunnelStations(of, shown, finding, notes)) path.push(station);
  }
  const at = path.findIndex((s) => s.id === elementStation.id);
  if (at < 0) {
    elementStation.detail = roles.join(", ") || null;
    path.push(elementStation);
    notes.push("Where the element stands on the path is inferred: no tunnel of this subscriber that signalling set up ends at it.");
  }
  path.push({
    id: "destination",
    kind: "destination",
    label: "destination",
    detail: "where the subscriber's traffic was going",
    address: null,
  });
  return { path, leavesAt: path.findIndex((s) => s.id === elementStation.id), branch, notes };
}

/** Ends of the subscriber's tunnels, access first, as signalling named them. */
async function tunnelStations(of: OpenCase, subscriber: string, finding: FindingRecord, notes: string[]): Promise<WayStation[]> {
  if (!of.folder.has("database") || of.busy) {
    notes.push("A scan is writing into the case; the path shows again when it is done.");
    return [];
  }
  const stations: WayStation[] = [];
  try {
    await readCase(of.folder.file("database"), async (ask) => {
      const cell = await ask(
        "SELECT serving_enb, apns FROM sessions WHERE subscriber = ? AND serving_enb IS NOT NULL ORDER BY abs(epoch(first) - epoch(?::TIMESTAMP)) LIMIT 1",
        [subscriber, finding.first.slice(0, 19).replace("T", " ")],
      );
      const ends = await ask(
        `SELECT source, address, interface, sum(bytes)::DOUBLE AS bytes FROM tunnels WHERE subscriber = ? GROUP BY source, address, interface
         ORDER BY bytes DESC LIMIT 16`,
        [subscriber],
      );
      const cellAddress = cell.rows[0]?.[0];
      const seen = new Set<string>();
      const add = (address: unknown, kind: WayStation["kind"], detail: string | null): void => {
        if (typeof address !== "string") return;
        const f = of.lookup?.functionAt(address);
        const id = f?.name ?? address;
        if (seen.has(id)) return;
        seen.add(id);
        stations.push({ id, kind, label: id, detail: detail ?? (f === undefined ? null : f.roles.join(", ")), address });
      };
      add(cellAddress, "cell", null);
      const links = ends.rows.map(([source, address, name]) => ({ source, address, name }));
      // nearest the access first: S1-U before S5
      const order = (name: unknown): number =>
        typeof name === "string" ? (/^(S1|N3)/.test(name) ? 0 : /^(S5|S8|N9)/.test(name) ? 1 : 2) : 3;
      for (const link of links.sort((a, b) => order(a.name) - order(b.name))) {
        const reversed = stations.some((s) => s.address === link.address);
        for (const address of reversed ? [link.address, link.source] : [link.source, link.address])
          add(address, stations.length === 0 ? "cell" : "element", typeof link.name === "string" ? link.name : null);
      }
    });
  } catch {
    notes.push("The case's database could not be read; the path shows only what the finding itself says.");
  }
  return stations;
}
