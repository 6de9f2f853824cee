/**
 * The release's bill of materials: CycloneDX by `npm sbom`, from the lock file. Beside what npm says, each component says where it is
 * (`tapproof:place`: installed, bundled, build), and what only builds and tests has the scope `excluded`. The same lock gives the same document.
 */
import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lockedPackages } from "./packages.ts";

interface Property {
  readonly name: string;
  readonly value: string;
}
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope?: string;
  readonly properties?: readonly Property[];
}
export interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly component: Component };
  readonly components: readonly Component[];
}

/** npm's own files, for programs that npm started: then which npm it is does not depend on the path. */
export function npm(root: string, args: readonly string[]): string {
  const cli = process.env["npm_execpath"];
  const [command, before] = cli === undefined ? ["npm", []] : [process.execPath, [cli]];
  return execFileSync(command, [...before, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 64 << 20,
  });
}

export function makeSbom(root: string): Bom {
  const made = JSON.parse(npm(root, ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"])) as Bom;
  const places = new Map(lockedPackages(root).map(({ name, version, place }) => [`${name}@${version}`, place]));
  const digest = hash("sha256", readFileSync(join(root, "package-lock.json")), "hex");
  const { timestamp: _, ...metadata } = made.metadata;
  return {
    ...made,
    // RFC 9562 §5.8: a UUID of our own making, of the lock's hash.
    serialNumber: `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
    metadata: { ...metadata, component: { ...made.metadata.component, name: "tapproof" } },
    components: made.components.map((component) => {
      const place = places.get(`${component.name}@${component.version}`) ?? "build";
      return {
        ...component,
        scope: place === "build" ? "excluded" : (component.scope ?? "required"),
        properties: [...(component.properties ?? []), { name: "tapproof:place", value: place }],
      };
    }),
  };
}
