/** `npm run demo`: scans the real capture in `examples/` into a case, renders its report, and says where that is. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { reportCommand } from "#cli/report.ts";
import { scanCommand } from "#cli/scan.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const example = join(root, "examples", "lte-lab-b1-vxlan-mirred");
const folder = join(root, "demo-case");
rmSync(folder, { recursive: true, force: true });
const { stdout, stderr, env } = process;
process.exitCode = await scanCommand(
  {
    captures: [example],
    network: join(example, "network.yaml"),
    case: folder,
    append: false,
    json: false,
    skipBad: false,
    identities: false,
  },
  { stdout, stderr, env },
);
const report = join(folder, "report.html");
await reportCommand(
  { directory: folder, lang: "en", format: "html", liCleared: false, withoutIdentities: false, out: report },
  { stdout: new PassThrough(), stderr: new PassThrough(), env },
);
stdout.write(`\nThe case is in ${folder}.\nThe report is in ${report}: open it in a browser (${pathToFileURL(report).href}).\n`);
