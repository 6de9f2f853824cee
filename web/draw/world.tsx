import { geoArea, geoCentroid, geoInterpolate, geoNaturalEarth1, geoPath, type Position } from "d3-geo";
import { useId, useMemo } from "react";
import { feature, type Feature, type Geometry } from "topojson-client";
import topology from "world-atlas/countries-110m.json";
import type { Exposure } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useWidth } from "#web/ui/width.ts";
import { drawings } from "#web/words/drawings.ts";
import "./draw.css";
import { widthOf } from "./text.ts";

const WIDTH = 860;
const HEIGHT = 420;
const SIZE = 11;
/** Points along an arc: a great circle looks smooth with as many. */
const ARC_POINTS = 40;

interface Country {
  /** ISO 3166-1 alpha-2; null where the map's shape has no code. */
  readonly code: string | null;
  readonly path: string;
  readonly centre: Position;
}

interface World {
  readonly countries: readonly Country[];
  readonly byCode: ReadonlyMap<string, Country>;
  readonly project: (at: Position) => Position | null;
}

/** The map numbers countries (ISO 3166-1 numeric); the browser's own region data knows their letters. */
function codeOf(id: Feature["id"]): string | null {
  if (id === undefined) return null;
  try {
    const region = new Intl.Locale(`und-${id}`).region;
    return region !== undefined && /^[A-Z]{2}$/.test(region) ? region : null;
  } catch {
    return null;
  }
}

/** Centre of the largest part: France's is in France, whatever lies overseas. */
function centreOf(geometry: Geometry): Position {
  if (geometry.type !== "MultiPolygon") return geoCentroid(geometry);
  const parts = geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
  return geoCentroid(parts.reduce((a, b) => (geoArea(b) > geoArea(a) ? b : a)));
}

let world: World | undefined;
function theWorld(): World {
  if (world !== undefined) return world;
  const { features } = feature(topology, topology.objects.countries);
  const shown = features.filter((f) => codeOf(f.id) !== "AQ");
  const project = geoNaturalEarth1().fitExtent(
    [
      [2, 2],
      [WIDTH - 2, HEIGHT - 2],
    ],
    { type: "FeatureCollection", features: shown },
  );
  const path = geoPath(project);
  const countries = shown.map((f): Country => ({ code: codeOf(f.id), path: path(f) ?? "", centre: centreOf(f.geometry) }));
  world = { countries, byCode: new Map(countries.flatMap((c) => (c.code === null ? [] : [[c.code, c] as const]))), project };
  return world;
}

interface Arc {
  readonly from: string;
  readonly to: string;
  bytes: number;
  findings: number;
}

interface Placed {
  readonly code: string;
  readonly x: number;
  readonly y: number;
  readonly labelX: number;
  readonly labelY: number;
  readonly anchor: "start" | "end";
}

/** Names beside their marks, on whichever side hides no other name or mark. */
function placeNames(
  marks: readonly { readonly code: string; readonly x: number; readonly y: number; readonly width: number }[],
  /** How much larger the type is drawn than on a map of full width. */
  larger: number,
): Placed[] {
  const taken: { left: number; right: number; y: number }[] = marks.map((m) => ({ left: m.x - 5, right: m.x + 5, y: m.y + 4 }));
  return marks.map((m) => {
    const options = (
      [
        ["end", -8, -5],
        ["start", 8, -5],
        ["end", -8, 12],
        ["start", 8, 12],
        ["end", -8, -17],
        ["start", 8, 24],
      ] as const
    ).map(([anchor, dx, dy]) => {
      const labelX = m.x + dx * larger;
      return {
        anchor,
        labelX,
        labelY: m.y + dy * larger,
        left: anchor === "end" ? labelX - m.width : labelX,
        right: anchor === "end" ? labelX : labelX + m.width,
      };
    });
    const free = options.find((o) => taken.every((t) => Math.abs(t.y - o.labelY) > 11 * larger || t.right < o.left || t.left > o.right));
    const at = free ?? (options[0] as (typeof options)[number]);
    taken.push({ left: at.left, right: at.right, y: at.labelY });
    return { code: m.code, x: m.x, y: m.y, labelX: at.labelX, labelY: at.labelY, anchor: at.anchor };
  });
}

/** A quiet map; arcs from the network's country to each receiver's, as far as the declaration knows them. */
export function WorldDrawing({ exposure }: { readonly exposure: Exposure }) {
  const words = useWords(drawings);
  const q = useQuantities();
  const titleId = useId();
  const map = theWorld();
  const [frame, across] = useWidth<HTMLDivElement>(WIDTH);
  // the whole world on a narrow screen, and names that can be read on it
  const larger = Math.max(1, WIDTH / across);
  const { arcs, unknown } = useMemo(() => {
    const merged = new Map<string, Arc>();
    let missing = 0;
    for (const arc of exposure.arcs) {
      if (arc.from === null || arc.to === null) {
        missing++;
        continue;
      }
      const key = `${arc.from}>${arc.to}`;
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { from: arc.from, to: arc.to, bytes: arc.bytes, findings: arc.findings });
      else {
        known.bytes += arc.bytes;
        known.findings += arc.findings;
      }
    }
    return { arcs: [...merged.values()], unknown: missing };
  }, [exposure]);
  const home = new Set(exposure.networks.map((n) => n.country).filter((c) => c !== null));
  const reached = new Set(arcs.map((arc) => arc.to));
  const most = Math.max(1, ...arcs.map((arc) => arc.bytes));
  const placed = placeNames(
    [...home].flatMap((code) => {
      const country = map.byCode.get(code);
      const at = country === undefined ? null : map.project(country.centre);
      return at === null ? [] : [{ code, x: at[0], y: at[1], width: widthOf(q.country(code), SIZE * larger) }];
    }),
    larger,
  );
  const absent = [...new Set([...home, ...reached])].filter((code) => !map.byCode.has(code));
  return (
    <div ref={frame}>
      <svg
        className="drawing world"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        style={{ fontSize: SIZE * larger }}
        role="img"
        aria-labelledby={titleId}
      >
        <title id={titleId}>{words.worldAlt(arcs.length, unknown)}</title>
        {map.countries.map((c, i) => (
          <path
            key={c.code ?? i}
            d={c.path}
            className={c.code !== null && home.has(c.code) ? "land home" : c.code !== null && reached.has(c.code) ? "land reached" : "land"}
          />
        ))}
        {arcs.map((arc) => {
          const [a, b] = [map.byCode.get(arc.from), map.byCode.get(arc.to)];
          if (a === undefined || b === undefined) return null;
          const end = map.project(b.centre);
          if (end === null) return null;
          const width = 1.25 + 4 * Math.sqrt(arc.bytes / most);
          if (a === b)
            return (
              <g key={arc.to}>
                <circle className="arc" cx={end[0]} cy={end[1]} r={9} strokeWidth={width} />
                <text className="halo t-vermilion" x={end[0] + 14} y={end[1] + 4}>
                  {q.bytes(arc.bytes)}, {words.within}
                </text>
              </g>
            );
          const along = geoInterpolate(a.centre, b.centre);
          const points = Array.from({ length: ARC_POINTS + 1 }, (_, i) => map.project(along(i / ARC_POINTS))).filter((p) => p !== null);
          return (
            <g key={`${arc.from}${arc.to}`}>
              <path className="arc" d={`M${points.map((p) => `${p[0].toFixed(1)} ${p[1].toFixed(1)}`).join("L")}`} strokeWidth={width} />
              <circle className="arc-end" cx={end[0]} cy={end[1]} r={2.5 + width / 2} />
              <text className="halo t-vermilion" x={end[0] + 8} y={end[1] - 6}>
                {q.country(arc.to)} {q.bytes(arc.bytes)}
              </text>
            </g>
          );
        })}
        {placed.map(({ code, x, y, labelX, labelY, anchor }) => (
          <g key={code}>
            <circle className="home-mark" cx={x} cy={y} r="4" />
            <text className="halo t-blue" x={labelX} y={labelY} textAnchor={anchor} fontWeight="600">
              {q.country(code)}
            </text>
          </g>
        ))}
      </svg>
      {absent.length > 0 && <p className="figure-note">{words.tooSmall(absent.map(q.country).join(", "))}</p>}
    </div>
  );
}
