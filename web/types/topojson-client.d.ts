/** The part of topojson-client that the world map uses (the package carries no types). */
declare module "topojson-client" {
  export interface Geometry {
    readonly type: string;
    readonly coordinates: readonly unknown[];
  }
  export interface Feature {
    readonly type: "Feature";
    readonly id?: string | number;
    readonly geometry: Geometry;
  }
  export function feature(topology: object, object: object): { readonly type: "FeatureCollection"; readonly features: readonly Feature[] };
}
