/**
 * A report that names a vendor stays a draft until the accused has had the bundle for a set time (`method.md` §6). Hand-overs and replies
 * stand in case.json and, as records, in the case's log.
 */
import type { CaseMeta } from "#store/case-folder.ts";
import type { Declaration } from "#declaration/types.ts";
import type { Selection } from "./selection.ts";

/** Days that the accused has, where the case states no other number. */
export const REPLY_DAYS = 30;

export interface HandOver {
  /** Vendor id of the declaration. */
  readonly vendor: string;
  /** RFC 3339: when the vendor had the bundle. */
  readonly at: string;
  readonly days: number;
}

export interface Reply {
  readonly vendor: string;
  readonly at: string;
  readonly sha256: string;
  readonly text: string;
}

/** `case.json` with what this stage adds. */
export interface CaseMetaWithReplies extends CaseMeta {
  readonly handOvers?: readonly HandOver[];
  readonly replies?: readonly Reply[];
}

export interface DraftVendor {
  readonly id: string;
  readonly name: string;
  /** RFC 3339: end of the reply period; null where it has not begun. */
  readonly until: string | null;
  readonly open: boolean;
  readonly replied: boolean;
}

export interface DraftState {
  readonly isDraft: boolean;
  readonly vendors: readonly DraftVendor[];
}

/** `nowMillis`: the moment at which the report is made. */
export function draftState(
  meta: CaseMetaWithReplies,
  declaration: Declaration | null,
  selection: Selection,
  nowMillis: number,
): DraftState {
  const named = [...new Set(selection.findings.map((f) => f.element.vendor).filter((v) => v !== null))].sort();
  const vendors = named.map((id): DraftVendor => {
    const ends = (meta.handOvers ?? []).filter((h) => h.vendor === id).map((h) => Date.parse(h.at) + h.days * 86_400_000);
    const end = ends.length === 0 ? null : Math.max(...ends);
    return {
      id,
      name: declaration?.vendors.find((v) => v.id === id)?.name ?? id,
      until: end === null ? null : new Date(end).toISOString(),
      open: end === null || end > nowMillis,
      replied: (meta.replies ?? []).some((r) => r.vendor === id),
    };
  });
  return { isDraft: vendors.some((v) => v.open), vendors };
}
