/** The part of d3-geo that the world map uses (the package carries no types). */
declare module "d3-geo" {
  export type Position = [number, number];
  export interface GeoProjection {
    (point: Position): Position | null;
    fitExtent(extent: [Position, Position], object: object): this;
  }
  export interface GeoPath {
    (object: object): string | null;
  }
  export function geoNaturalEarth1(): GeoProjection;
  export function geoPath(projection: GeoProjection): GeoPath;
  /** Steradians. */
  export function geoArea(object: object): number;
  export function geoCentroid(object: object): Position;
  export function geoInterpolate(a: Position, b: Position): (t: number) => Position;
}
