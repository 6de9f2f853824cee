/** A leaf: `{"nonce":"<32 hex>","record":"<sha256 hex>","type":"<word>"}`, canonical JSON. */

export interface LeafFields {
  readonly nonce: string;
  readonly record: string;
  readonly type: string;
}

const LEAF = /^\{"nonce":"([0-9a-f]{32})","record":"([0-9a-f]{64})","type":"([a-z][a-z0-9-]{0,63})"\}$/;

/** A leaf has one spelling. */
export function leafFields(leaf: Uint8Array): LeafFields | undefined {
  const match = LEAF.exec(Buffer.from(leaf).toString("latin1"));
  const [, nonce, record, type] = match ?? [];
  return nonce === undefined || record === undefined || type === undefined ? undefined : { nonce, record, type };
}
