/** `npm run demo`: scans the real capture in `examples/` into a case and says where it is. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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
stdout.write(`The case is in ${folder}; its findings are in ${join(folder, "findings.json")}.\n`);
