/** Abstract syntax of the subset of X.680–X.683 in which 3GPP writes its application protocols. */

/** Bounds may be numbers, names of values, or parameters; undefined where MIN, MAX or no constraint stands. */
export type Bound = number | string;

export interface Range {
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
  readonly extensible: boolean;
}

export interface Component {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
}

export type Argument = { readonly kind: "set"; readonly name: string } | { readonly kind: "value"; readonly value: Bound };

export type Type =
  | { readonly kind: "integer"; readonly range: Range | undefined }
  | { readonly kind: "boolean" }
  | { readonly kind: "null" }
  | { readonly kind: "oid" }
  | { readonly kind: "octets"; readonly size: Range | undefined; readonly containing: Type | undefined }
  | { readonly kind: "bits"; readonly size: Range | undefined }
  | { readonly kind: "string"; readonly alphabet: string; readonly size: Range | undefined }
  | { readonly kind: "enumerated"; readonly root: readonly string[]; readonly additions: readonly string[]; readonly extensible: boolean }
  | {
      readonly kind: "sequence" | "choice";
      readonly root: readonly Component[];
      readonly additions: readonly Component[];
      readonly extensible: boolean;
    }
  | { readonly kind: "sequence-of"; readonly size: Range | undefined; readonly element: Type }
  | { readonly kind: "reference"; readonly name: string; readonly arguments: readonly Argument[]; readonly range: Range | undefined }
  /** `CLASS.&field({Set}{@id})` */
  | { readonly kind: "field"; readonly className: string; readonly field: string; readonly set: string | undefined };

export interface TypeAssignment {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly type: Type;
}

/** `{ ID id-X CRITICALITY reject TYPE X PRESENCE optional }`: settings by the words of the class's syntax. */
export interface InformationObject {
  readonly values: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, Type>;
}

export type SetElement = { readonly reference: string } | { readonly object: InformationObject };

export interface Modules {
  readonly types: Map<string, TypeAssignment>;
  readonly values: Map<string, Bound>;
  readonly objects: Map<string, InformationObject>;
  readonly sets: Map<string, readonly SetElement[]>;
  readonly classes: Set<string>;
}
