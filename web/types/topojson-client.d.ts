/** The part of topojson-client that the world map uses (the package carries no types). */
declare module "topojson-client" {
  export interface Feature {
    readonly type: "Feature";
    readonly id?: string | number;
    readonly properties: { readonly name?: string };
    readonly geometry: object;
  }
  export function feature(topology: object, object: object): { readonly type: "FeatureCollection"; readonly features: readonly Feature[] };
  export function mesh(topology: object, object: object, filter?: (a: object, b: object) => boolean): object;
}
