/** PDML, tshark's XML of a dissection: one element a line (but for line feeds in values), so it is read line by line, whatever its size. */

export interface PdmlNode {
  readonly name: string;
  readonly show: string;
  readonly showname: string;
  readonly proto: boolean;
  readonly children: PdmlNode[];
}

const TAG = /^\s*<(\/?)(packet|proto|field)\b([^>]*?)(\/?)>\s*$/;

/** Collects lines into packets; `packet` gets the protocols of each. */
export class PdmlReader {
  private readonly packet: (protos: readonly PdmlNode[]) => void;
  private readonly stack: PdmlNode[] = [];
  /** Beginning of an element whose attributes hold line feeds. */
  private pending = "";

  constructor(packet: (protos: readonly PdmlNode[]) => void) {
    this.packet = packet;
  }

  line(line: string): void {
    const whole = this.pending === "" ? line : `${this.pending}\n${line}`;
    this.pending = whole.trimStart().startsWith("<") && !whole.trimEnd().endsWith(">") ? whole : "";
    if (this.pending !== "") return;
    const tag = TAG.exec(whole);
    if (tag === null) return;
    const [, closing, kind, attributes, empty] = tag as unknown as [string, string, string, string, string];
    if (closing !== "") {
      const node = this.stack.pop();
      if (kind === "packet" && node !== undefined) this.packet(node.children);
      return;
    }
    const node: PdmlNode = {
      name: attribute(attributes, "name"),
      show: attribute(attributes, "show"),
      showname: attribute(attributes, "showname"),
      proto: kind === "proto",
      children: [],
    };
    if (kind !== "packet") this.stack.at(-1)?.children.push(node);
    if (empty === "") this.stack.push(node);
  }
}

function attribute(text: string, name: string): string {
  const start = text.indexOf(` ${name}="`);
  if (start < 0) return "";
  const from = start + name.length + 3;
  const value = text.slice(from, text.indexOf('"', from));
  return value.includes("&") ? value.replace(/&(lt|gt|amp|quot|apos|#x?[0-9a-f]+);/gi, entity) : value;
}

function entity(whole: string, name: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  if (named[name] !== undefined) return named[name];
  const code = name.startsWith("#x") ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return Number.isFinite(code) ? String.fromCodePoint(code) : whole;
}
