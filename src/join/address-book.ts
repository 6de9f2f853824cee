/**
 * Small numbers for address texts, so that control-plane keys are integers. Only the network's own addresses and those
 * of its users come here, never the addresses users talk to.
 */

/** Past this many addresses new ones get no number (0), and what hangs on them is not joined. */
export const MAX_ADDRESSES = 1_000_000;

export class AddressBook {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [""];

  /** A number from 1 on; 0 for the empty text and past the limit. */
  id(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    if (text === "" || this.texts.length > MAX_ADDRESSES) return 0;
    const id = this.texts.length;
    this.texts.push(text);
    this.ids.set(text, id);
    return id;
  }

  /** 0 where the text has no number yet. */
  find(text: string): number {
    return this.ids.get(text) ?? 0;
  }

  text(id: number): string {
    return this.texts[id] ?? "";
  }
}

/** A dotted quad as an unsigned 32-bit number, or -1. */
export function ipv4Number(text: string): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (digits === 0 || part > 255) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots++;
    } else if (c >= 48 && c <= 57) {
      part = part * 10 + (c - 48);
      if (++digits > 3) return -1;
    } else return -1;
  }
  return dots === 3 && digits > 0 && part <= 255 ? value * 256 + part : -1;
}
