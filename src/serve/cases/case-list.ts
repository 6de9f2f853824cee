/** The cases that are open, by id. */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Signer } from "#evidence/keys/signer.ts";
import { CASE_FILES, CaseError, CaseFolder } from "#store/case-folder.ts";
import type { CaseMeta } from "#store/case-folder.ts";
import { UNFINISHED_FILE } from "#store/unfinished.ts";
import { VERSION } from "#run/version.ts";
import { limits } from "#serve/limits.ts";
import { notFound, Problem } from "#serve/problem.ts";
import { FindingIndex } from "./finding-index.ts";
import { OpenCase } from "./open-case.ts";

export const ALL = "all";

export class CaseList {
  private readonly cases = new Map<string, OpenCase>();
  /** Where new cases go. */
  readonly root: string;
  private joined: { readonly generations: string; readonly index: FindingIndex } | undefined = undefined;

  private readonly signer: () => Signer;

  private constructor(root: string, signer: () => Signer) {
    this.root = root;
    this.signer = signer;
  }

  /**
   * Each of `paths` is a case, or a folder of cases. New cases go to the first folder of cases, else to `home`.
   * Throws `CaseError` where a path is neither.
   */
  static async open(paths: readonly string[], home: string, signer: () => Signer): Promise<CaseList> {
    const folders: string[] = [];
    let root: string | undefined;
    for (const path of paths) {
      if (!existsSync(path) || !statSync(path).isDirectory())
        throw new CaseError(`${path}: is not a folder, name a case that "tapproof scan --case" wrote, or a folder of cases`);
      // a scan that was cut short is told where the case is opened
      if (existsSync(join(path, CASE_FILES.meta)) || existsSync(join(path, UNFINISHED_FILE))) {
        folders.push(resolve(path));
        continue;
      }
      const within = readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name, CASE_FILES.meta)))
        .map((entry) => resolve(path, entry.name))
        .sort();
      if (within.length === 0 && readdirSync(path).length > 0)
        throw new CaseError(`${path}: is not a case and holds none, name a case that "tapproof scan --case" wrote, or a folder of cases`);
      root ??= resolve(path);
      folders.push(...within);
    }
    if (folders.length > limits.cases)
      throw new CaseError(`${folders.length} cases are more than the ${limits.cases} that can be open, name some of them`);
    const list = new CaseList(root ?? home, signer);
    for (const folder of new Set(folders)) await list.add(folder);
    return list;
  }

  get all(): readonly OpenCase[] {
    return [...this.cases.values()];
  }

  get(id: string): OpenCase {
    const found = this.cases.get(id);
    if (found === undefined) throw notFound("this case", id.slice(0, 100));
    return found;
  }

  /** The cases that an id in a path stands for: one, or with `all` every one. */
  some(id: string): readonly OpenCase[] {
    return id === ALL ? this.all : [this.get(id)];
  }

  /** One index over the cases that an id stands for. */
  index(id: string): FindingIndex {
    if (id !== ALL) return this.get(id).index;
    if (this.cases.size === 1) return (this.all[0] as OpenCase).index;
    const generations = this.all.map((c) => `${c.id}:${c.generation}`).join();
    if (this.joined?.generations !== generations) {
      const index = new FindingIndex();
      for (const c of this.all) index.join(c.index);
      this.joined = { generations, index };
    }
    return this.joined.index;
  }

  /** Triage of a finding changed: every index that shows it is told. */
  triaged(of: OpenCase, finding: string): void {
    of.index.setTriage(of.id, finding, of.casework.triage(finding));
    this.joined?.index.setTriage(of.id, finding, of.casework.triage(finding));
  }

  /** A new case without a scan, in a folder of its own. */
  async create(name: string, basis: string | null): Promise<OpenCase> {
    if (this.cases.size >= limits.cases)
      throw new Problem("too-many", `${limits.cases} cases are open`, "cases", "start the server with fewer");
    const folderName = slug(name);
    const path = join(this.root, folderName);
    if (existsSync(path))
      throw new Problem("conflict", `a case or folder named ${folderName} is there already`, "name", "choose another name");
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
    const folder = CaseFolder.check(path, false);
    folder.create();
    const meta: CaseMeta = {
      schema: "tapproof/case/1",
      created: new Date().toISOString(),
      tool: { name: "tapproof", version: VERSION },
      basis,
      runs: [],
    };
    folder.writeJson("meta", meta);
    return this.add(path);
  }

  private async add(path: string): Promise<OpenCase> {
    const stem = slug(basename(path));
    let id = stem === ALL ? `${stem}-1` : stem;
    for (let i = 2; this.cases.has(id); i++) id = `${stem}-${i}`;
    const made = await OpenCase.open(id, path, this.signer);
    this.cases.set(id, made);
    return made;
  }
}

/** Letters, digits and dashes: safe in an address and as a folder's name. */
export function slug(name: string): string {
  const text = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  return text === "" ? "case" : text;
}
