/** `tapproof witness`: cosigns heads of the logs that its operator listed (C2SP tlog-witness), until it is stopped. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { homeFolder, loadWitnessSigner } from "#evidence/keys/key-store.ts";
import { parseKnownLogs } from "#evidence/witness/known-logs.ts";
import { serveWitness } from "#evidence/witness/server.ts";
import { Witness } from "#evidence/witness/witness.ts";
import { EXIT, UsageError, visible } from "./errors.ts";

export interface WitnessArgs {
  readonly logs?: string;
  readonly state?: string;
  readonly key?: string;
  readonly host?: string;
  readonly port: number;
  /** Print the verifier key and end. */
  readonly showKey: boolean;
  readonly quiet: boolean;
}

interface WitnessIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function witnessCommand(args: WitnessArgs, io: WitnessIo, stop?: AbortSignal): Promise<number> {
  const signer = loadWitnessSigner(args.key, io.env);
  if (args.showKey) {
    io.stdout.write(`${signer.vkey}\n`);
    return EXIT.DONE;
  }
  if (args.logs === undefined) throw new UsageError("witness: name the logs it may cosign: --logs FILE, one 'log <verifier key>' a line");
  if (!existsSync(args.logs)) throw new UsageError(`witness: ${args.logs}: no such file`);
  const known = parseKnownLogs(readFileSync(args.logs, "utf8"));
  if (known.length === 0) throw new UsageError(`witness: ${args.logs}: lists no log`);
  const witness = new Witness(args.state ?? join(homeFolder(io.env), "witness"), signer, known);
  try {
    const running = await serveWitness(witness, {
      ...(args.host === undefined ? {} : { host: args.host }),
      port: args.port,
      ...(args.quiet ? {} : { journal: (line: string) => void io.stderr.write(`${visible(line)}\n`) }),
    }).catch((error: unknown) => {
      throw new UsageError(
        `witness: cannot listen on ${args.host ?? "127.0.0.1"}:${args.port} (${error instanceof Error ? error.message : "unknown"})`,
      );
    });
    io.stdout.write(`${running.url}\n`);
    io.stderr.write(`witness ${signer.vkey} for ${known.length} log${known.length === 1 ? "" : "s"}\n`);
    await stopped(stop);
    await running.close();
  } finally {
    witness.close();
  }
  return EXIT.DONE;
}

function stopped(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop !== undefined) {
      if (stop.aborted) resolve();
      stop.addEventListener("abort", () => resolve(), { once: true });
      return;
    }
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
