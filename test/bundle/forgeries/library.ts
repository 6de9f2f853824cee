import { claims } from "./claims.ts";
import type { Forgery } from "./forgery.ts";
import { names } from "./names.ts";

/** Every lie, in the order of the files. */
export const LIBRARY: readonly Forgery[] = [...names, ...claims];
