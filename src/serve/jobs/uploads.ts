/** Captures that were handed in and wait for a scan: files in a folder of the server's own, which is emptied when it ends. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Upload } from "#serve/api/types.ts";
import { limits } from "#serve/limits.ts";
import { notFound, Problem } from "#serve/problem.ts";

export class Uploads {
  private readonly known = new Map<string, { readonly upload: Upload; readonly path: string }>();
  readonly maxBytes: number;
  private folder: string | undefined = undefined;
  private arriving = 0;

  constructor(maxBytes: number = limits.upload) {
    this.maxBytes = maxBytes;
  }

  list(caseId: string): Upload[] {
    return [...this.known.values()].filter(({ upload }) => upload.case === caseId).map(({ upload }) => upload);
  }

  /** Takes a stream to its end. What is longer than allowed, or breaks off, leaves nothing behind. */
  async take(caseId: string, name: string, body: Readable): Promise<Upload> {
    if (this.known.size + this.arriving >= limits.waitingUploads)
      throw new Problem("too-many", `${limits.waitingUploads} uploads wait already`, "uploads", "scan them or throw them away first");
    this.arriving++;
    try {
      return await this.kept(caseId, name, body);
    } finally {
      this.arriving--;
    }
  }

  private async kept(caseId: string, name: string, body: Readable): Promise<Upload> {
    const id = randomBytes(9).toString("base64url");
    this.folder ??= mkdtempSync(join(tmpdir(), "tapproof-uploads-"));
    const home = join(this.folder, id);
    const path = join(home, fileName(name));
    mkdirSync(home, { mode: 0o700 });
    const file = await open(path, "wx", 0o600).catch((error: unknown) => {
      rmSync(home, { recursive: true, force: true });
      throw error;
    });
    const sum = createHash("sha256");
    let bytes = 0;
    let timer: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(
        () => body.destroy(new Problem("bad-request", "the upload stopped sending", "body", "send it again")),
        limits.idleMs,
      );
    };
    try {
      watch();
      for await (const chunk of body as AsyncIterable<Buffer>) {
        watch();
        bytes += chunk.length;
        if (bytes > this.maxBytes)
          throw new Problem(
            "too-large",
            `the capture is larger than ${this.maxBytes} octets`,
            "body",
            "split it, or scan it with tapproof scan",
          );
        sum.update(chunk);
        await file.write(chunk);
      }
      if (bytes === 0) throw new Problem("bad-request", "the upload is empty", "body", "choose a capture that holds something");
      await file.close();
    } catch (error) {
      await file.close().catch(() => undefined);
      rmSync(home, { recursive: true, force: true });
      if (error instanceof Problem) throw error;
      throw new Problem("bad-request", "the upload broke off", "body", "send it again");
    } finally {
      clearTimeout(timer);
    }
    const upload: Upload = { id, case: caseId, file: fileName(name), bytes, sha256: sum.digest("hex"), at: new Date().toISOString() };
    this.known.set(id, { upload, path });
    return upload;
  }

  /** Paths of uploads of a case. */
  paths(caseId: string, ids: readonly string[]): string[] {
    return ids.map((id) => {
      const found = this.known.get(id);
      if (found === undefined || found.upload.case !== caseId) throw notFound("this upload", id);
      return found.path;
    });
  }

  remove(caseId: string, id: string): void {
    const found = this.known.get(id);
    if (found === undefined || found.upload.case !== caseId) throw notFound("this upload", id);
    this.known.delete(id);
    if (this.folder !== undefined) rmSync(join(this.folder, id), { recursive: true, force: true });
  }

  close(): void {
    this.known.clear();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }
}

/** Octets of an upload's name; the beginning of a longer one is left out, its ending stays. */
const MAX_NAME = 240;

/** The base name that was given, without anything that could lead elsewhere or look like an option. */
export function fileName(given: string): string {
  const base = given.slice(Math.max(given.lastIndexOf("/"), given.lastIndexOf("\\")) + 1);
  let safe = base
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "")
    .replaceAll(/[^\p{L}\p{N}._#@+ -]/gu, "_")
    .replace(/^[-. ]+/, "")
    .slice(-150);
  // a file system counts octets (ext4: 255 a name), and 150 letters may be 600
  while (Buffer.byteLength(safe) > MAX_NAME) safe = safe.slice((safe.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
  return safe === "" ? "capture" : safe;
}
