/** Checks a bundle away from the page, so that a large or hostile one cannot hold it up. */
import { verifyBundle } from "#verify/verify.ts";

export interface VerifyJob {
  readonly octets: ArrayBuffer;
  /** Verifier key of the expected signer; null: whoever signed. */
  readonly key: string | null;
}

self.addEventListener("message", (event: MessageEvent<VerifyJob>) => {
  const { octets, key } = event.data;
  verifyBundle(new Uint8Array(octets), key === null ? { anySigner: true } : { key }).then(
    // records can be large and are shown nowhere: their number is enough
    (result) =>
      self.postMessage({
        result: { ...result, contents: result.contents && { ...result.contents, records: result.contents.records.length } },
      }),
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
