import type { CaptureReader, PointRegistry } from "#capture/reader.ts";
import type { FrameBatch, Point } from "#model/frame.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { PointInfo } from "#model/point.ts";

/** Interfaces on which subscribers' plain packets are at home; on other declared ones they are looked at as the network's own traffic. */
const PLAIN_USER_TRAFFIC = /^(sgi|n6|gi|internet|s5|s8|s1|n3|n9|gn|gp|lan)/i;

export class PointTable {
  readonly infos: PointInfo[] = [];
  /** Per point: whether a user's plain packet on it is that user's own traffic. */
  private readonly userTraffic: boolean[] = [];
  private readonly declaration: DeclarationLookup | null;

  constructor(declaration: DeclarationLookup | null) {
    this.declaration = declaration;
  }

  add(point: Point, file: string, severalInterfaces: boolean, micros: number): PointInfo {
    const declared = this.declaration?.pointFor(file, point.interfaceName) ?? undefined;
    const base = point.interfaceName === undefined || !severalInterfaces ? file : `${file}#${point.interfaceName}`;
    const info: PointInfo = {
      index: point.index,
      capture: point.capture,
      name: declared?.interface ?? base,
      interface: declared?.interface ?? undefined,
      complete: declared?.complete ?? false,
      link: declared?.link ?? undefined,
      firstMicros: micros,
    };
    this.infos[point.index] = info;
    this.userTraffic[point.index] = info.interface === undefined || PLAIN_USER_TRAFFIC.test(info.interface);
    return info;
  }

  has(point: number): boolean {
    return this.infos[point] !== undefined;
  }

  carriesUserTraffic(point: number): boolean {
    return this.userTraffic[point] ?? true;
  }
}

/** Points of a run as their frames come: each is in the table, with its link type, before a frame of it is looked at. */
export class PointIntake {
  private readonly table: PointTable;
  private readonly registry: PointRegistry;
  private readonly readers: readonly CaptureReader[];
  private linkTypes = new Int32Array(16);

  constructor(table: PointTable, registry: PointRegistry, readers: readonly CaptureReader[]) {
    this.table = table;
    this.registry = registry;
    this.readers = readers;
  }

  /** Takes up the points that were met since; answers the link types by point. `first`: the next frame of the batch. */
  meet(batch: FrameBatch, first: number): Int32Array {
    const { table, registry, readers } = this;
    for (let i = table.infos.length; i < registry.points.length; i++) {
      const point = registry.points[i];
      if (point === undefined) continue;
      const owner = readers[point.capture];
      table.add(point, owner?.file ?? "", (owner?.points.length ?? 1) > 1, (batch.sec[first] as number) * 1e6);
      if (i >= this.linkTypes.length) {
        const wider = new Int32Array(this.linkTypes.length * 2 + i);
        wider.set(this.linkTypes);
        this.linkTypes = wider;
      }
      this.linkTypes[i] = point.linkType;
    }
    return this.linkTypes;
  }

  /** Notes at each point whether its capture lost or cut anything. */
  noteLosses(): void {
    for (const info of this.table.infos) {
      const { gaps: lost, truncated } = this.readers[info.capture]?.stats ?? { gaps: [], truncated: 0 };
      info.lossy = truncated > 0 || lost.length > 0;
    }
  }
}
