/** The part of d3-geo that the world map uses (the package carries no types). */
declare module "d3-geo" {
  export type Position = [number, number];
  export interface GeoProjection {
    (point: Position): Position | null;
    fitSize(size: [number, number], object: object): this;
    rotate(angles: [number, number]): this;
  }
  export interface GeoPath {
    (object: object): string | null;
    centroid(object: object): Position;
  }
  export function geoNaturalEarth1(): GeoProjection;
  export function geoPath(projection: GeoProjection): GeoPath;
  export function geoCentroid(object: object): Position;
  export function geoInterpolate(a: Position, b: Position): (t: number) => Position;
}
