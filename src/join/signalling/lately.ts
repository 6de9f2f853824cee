// Texts and lists that many subscribers have in common, made once: they stand in every subscriber's record, and messages name them again and again.

/** Places for texts of areas and cells, a power of two: a network names the same few thousand, and what falls on a taken place is made anew. */
const PLACES = 4096;
const plmns: string[] = Array.from({ length: PLACES }, () => "");
const codes = new Float64Array(PLACES).fill(-1);
const texts: string[] = Array.from({ length: PLACES }, () => "");

/** `20801-00a1`: a tracking area (TS 23.003 §19.4.2.3). */
export function areaText(area: { readonly plmn: string; readonly tac: number }): string {
  return located(area.plmn, area.tac, 4);
}

/** `20801-0019b01`: a cell (TS 23.003 §19.6). */
export function cellText(cell: { readonly plmn: string; readonly eci: number }): string {
  return located(cell.plmn, cell.eci, 7);
}

function located(plmn: string, code: number, digits: number): string {
  const kept = code * 8 + digits;
  const place = Math.imul(code ^ digits, 0x9e3779b1) >>> 20;
  if (codes[place] === kept && plmns[place] === plmn) return texts[place] as string;
  const made = `${plmn}-${code.toString(16).padStart(digits, "0")}`;
  plmns[place] = plmn;
  codes[place] = kept;
  texts[place] = made;
  return made;
}

/** Lists of one text, and owners of tunnel ends; past it they are forgotten, and made anew. */
const MAX_KEPT = 4096;
const lists = new Map<string, readonly string[]>();
const owners = new Map<string, string>();

/** The list that holds `text` alone. */
export function listOf(text: string): readonly string[] {
  let list = lists.get(text);
  if (list === undefined) {
    if (lists.size >= MAX_KEPT) lists.clear();
    list = [text];
    lists.set(text, list);
  }
  return list;
}

/** What tunnel ends hang on that an eNB's S1 contexts set up. */
export function s1Owner(enb: string): string {
  let owner = owners.get(enb);
  if (owner === undefined) {
    if (owners.size >= MAX_KEPT) owners.clear();
    owner = `s1 ${enb}`;
    owners.set(enb, owner);
  }
  return owner;
}
