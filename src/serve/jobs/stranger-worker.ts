/** A stranger's declaration or bundle is read in this thread, which may be ended at any moment (`bounded.ts`). One order, one answer. */
import { parentPort, workerData } from "node:worker_threads";
import { readDeclaration } from "#serve/cases/declaration-reading.ts";
import { wholeDeclaration } from "#serve/cases/withheld.ts";
import { Problem, type ProblemParts } from "#serve/problem.ts";
import { verifyBundle } from "#verify/verify.ts";

export type Order =
  | { readonly kind: "declaration"; readonly text: string; readonly cleared: boolean }
  | { readonly kind: "whole"; readonly text: string; readonly kept: string; readonly mayDeclare: boolean }
  | { readonly kind: "verify"; readonly bytes: Uint8Array; readonly key: string | null };

export type Answer = { readonly value: unknown } | { readonly problem: ProblemParts };

const answered = async (order: Order): Promise<unknown> => {
  switch (order.kind) {
    case "declaration":
      return readDeclaration(order.text, order.cleared);
    case "whole":
      return wholeDeclaration(order.text, order.kept, order.mayDeclare);
    case "verify":
      return verifyBundle(order.bytes, order.key === null ? { anySigner: true } : { key: order.key });
  }
};

async function main(): Promise<Answer> {
  try {
    return { value: await answered(workerData as Order) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.parts() };
    throw error;
  }
}

parentPort?.postMessage(await main());
