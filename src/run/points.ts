import type { Point } from "#model/frame.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { PointInfo } from "#detect/detector.ts";

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
