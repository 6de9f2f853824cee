/** Cases made by scanning the CC0 captures, once a test run; and the case with strangers' words in every text. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { scanCommand } from "#cli/scan.ts";
import { readCase, type CaseData } from "#report/case-data.ts";
import { scannedOnce, sharedHome } from "../scanned.ts";

const root = mkdtempSync(join(tmpdir(), "tapproof-report-"));
const EXAMPLES = "test/captures/claims-examples";
export const COPY = "examples/lte-lab-b1-vxlan-mirred";
export const CLAIM_CASES = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => join(EXAMPLES, entry.name));
export const INTERCEPTION = join(EXAMPLES, "unwarranted-interception");

export const env = { ...process.env, TAPPROOF_HOME: sharedHome() };

const made = new Map<string, Promise<string>>();

/** Path of the case that scanning this folder makes. */
export function caseOf(folder: string): Promise<string> {
  const path = join(root, folder.replaceAll("/", "_"));
  const known = made.get(folder) ?? scannedOnce(["report"], folder, path, (into) => scanInto(folder, into)).then(() => path);
  made.set(folder, known);
  return known;
}

async function scanInto(folder: string, path: string): Promise<void> {
  const warrants = join(folder, "warrants.yaml");
  const io = { stdout: new PassThrough(), stderr: new PassThrough(), env };
  io.stdout.resume();
  io.stderr.resume();
  const captures = readdirSync(folder)
    .filter((name) => /\.pcap(\.gz)?$/.test(name))
    .map((name) => join(folder, name));
  await scanCommand(
    {
      captures,
      network: join(folder, "network.yaml"),
      ...(existsSync(warrants) ? { warrants } : {}),
      case: path,
      append: false,
      json: false,
      skipBad: false,
      identities: false,
    },
    io,
  );
}

export async function dataOf(folder: string): Promise<CaseData> {
  return readCase(await caseOf(folder));
}

/** An empty folder that goes when the tests end. */
export function scratch(name: string): string {
  return mkdtempSync(join(root, `${name}-`));
}

export function removeAll(): void {
  rmSync(root, { recursive: true, force: true });
}

/** What a stranger might write where a name is expected. */
export const HOSTILE = `</script></style><script>alert(1)</script>"'\`><img src=x onerror=alert(1)><svg onload=alert(1)>&#x3c;{{7*7}}\u202e\u0000\u2028]]>--><a href="javascript:alert(1)">`;

/** Every text of the case that comes from captures, declarations or users, with hostile words in it. Words of a closed list stay. */
export function hostile(data: CaseData): CaseData {
  const KEPT = new Set([
    "schema",
    "claim",
    "grade",
    "status",
    "basis",
    "act",
    "standing",
    "sha256",
    "capture",
    "type",
    "id",
    "first",
    "last",
    "from",
    "to",
    "at",
    "created",
  ]);
  const spoil = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return KEPT.has(key) ? value : `${HOSTILE}${value}`;
    if (Array.isArray(value)) return key === "roles" || key === "data" ? value : value.map((v) => spoil(v, key));
    if (value instanceof Uint8Array || value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [key === "details" ? `${k}${HOSTILE}` : k, spoil(v, k)]));
  };
  const { document, declaration, observed, meta, bundle, log } = data;
  return {
    path: data.path,
    name: `${HOSTILE}${data.name}`,
    meta: {
      ...(spoil(meta, "meta") as object),
      handOvers: [],
      replies: [{ vendor: `${HOSTILE}acme`, at: "2026-01-01T00:00:00Z", sha256: "0".repeat(64), text: `${HOSTILE}\nline` }],
    } as unknown as CaseData["meta"],
    document: spoil(document, "document") as CaseData["document"],
    declaration: spoil(declaration, "declaration") as CaseData["declaration"],
    observed: spoil(observed, "observed") as CaseData["observed"],
    log: [
      ...log,
      {
        index: 9999,
        type: "custody",
        sha256: "",
        value: { at: "2026-01-01T00:00:00Z", by: HOSTILE, action: HOSTILE, note: HOSTILE, basis: { law: HOSTILE } },
      },
    ],
    checkpoint: `${HOSTILE}\n${data.checkpoint}`,
    bundle,
  };
}
