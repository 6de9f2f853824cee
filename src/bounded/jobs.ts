/**
 * What may be asked of a bounded process: one function a job, each loaded only when it is asked for. Inputs and outputs are plain values, because
 * they cross to another process.
 */
import type { DeclarationProblem, LoadedDeclaration } from "#declaration/load.ts";
import type { VerifyOptions, VerifyResult } from "#verify/verify.ts";

/** `verify` without a replay. */
export interface VerifyInput {
  readonly octets: Uint8Array;
  readonly options: Omit<VerifyOptions, "replay" | "primitives">;
}

export interface DeclarationInput {
  readonly text: string;
  /** Only what problems name. */
  readonly file: string;
}

/** Either the declaration, or what is wrong with it. */
export type DeclarationOutput =
  | { readonly loaded: LoadedDeclaration; readonly problems?: undefined }
  | { readonly loaded?: undefined; readonly problems: readonly DeclarationProblem[] };

interface Jobs {
  readonly verify: { readonly input: VerifyInput; readonly told: never; readonly output: VerifyResult };
  readonly declaration: { readonly input: DeclarationInput; readonly told: never; readonly output: DeclarationOutput };
}

export type JobName = keyof Jobs;
export type JobInput<J extends JobName> = Jobs[J]["input"];
export type JobOutput<J extends JobName> = Jobs[J]["output"];
export type JobTold<J extends JobName> = Jobs[J]["told"];

type Work<J extends JobName> = (input: JobInput<J>, tell: (told: JobTold<J>) => void) => Promise<JobOutput<J>>;

export const JOBS: { readonly [J in JobName]: Work<J> } = {
  verify: async ({ octets, options }) => {
    const [{ hash }, { verifyBundle }] = await Promise.all([import("node:crypto"), import("#verify/verify.ts")]);
    return verifyBundle(octets, { ...options, primitives: { sha256: (data) => hash("sha256", data, "buffer") } });
  },
  declaration: async ({ text, file }) => {
    const { DeclarationError, parseDeclaration } = await import("#declaration/load.ts");
    try {
      return { loaded: parseDeclaration(text, file) };
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      return { problems: error.problems };
    }
  },
};
