// A record: one text under a fresh data key, the data key sealed to the case key (S1, S2).
// header (12) · HPKE of the data key: enc (1120), key and tag (48) · nonce (12) · AES-256-GCM of the padded text.

import { type Bytes, ascii, concat, random, sha256 } from "./bytes.ts";
import type { Context } from "./context.ts";
import { SealingError } from "./errors.ts";
import { type Buckets, TEXT, pad, unpad } from "./padding.ts";
import { ENC_BYTES, Form, HEADER_BYTES, TAG_BYTES, aesOpen, aesSeal, bound, checkHeader, header } from "./suite.ts";
import { hpkeOpen, hpkeSeal } from "./suite.ts";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const WRAPPED_KEY_BYTES = ENC_BYTES + KEY_BYTES + TAG_BYTES;

const NONCE_AT = HEADER_BYTES + WRAPPED_KEY_BYTES;
const BODY_AT = NONCE_AT + NONCE_BYTES;

/** Seal `text` (0 to 32 KiB - 2 bytes) into one envelope of three possible sizes.  `dataKey`: fresh, for this record only. */
export async function sealRecord(
  casePublic: Uint8Array,
  context: Context,
  text: Uint8Array,
  buckets: Buckets = TEXT,
  dataKey: Bytes = random(KEY_BYTES),
): Promise<Bytes> {
  const padded = pad(text, buckets);
  const nonce = random(NONCE_BYTES);
  const wrappedKey = await hpkeSeal(casePublic, Form.Record, context, dataKey);
  const body = await aesSeal(dataKey, nonce, padded, bound(Form.Record, context));
  return concat(header(Form.Record), wrappedKey, nonce, body);
}

/** The text, whole, or a `SealingError`. */
export async function openRecord(
  caseSeed: Uint8Array,
  context: Context,
  envelope: Uint8Array,
  buckets: Buckets = TEXT,
): Promise<Bytes> {
  checkHeader(envelope, Form.Record);
  if (!buckets.includes(envelope.length - BODY_AT - TAG_BYTES)) {
    throw new SealingError("Damaged", `${envelope.length} bytes is not the size of a record`);
  }
  const dataKey = await hpkeOpen(caseSeed, Form.Record, context, envelope.subarray(HEADER_BYTES, NONCE_AT));
  const nonce = envelope.slice(NONCE_AT, BODY_AT) as Bytes;
  const body = envelope.slice(BODY_AT) as Bytes;
  return unpad(await aesOpen(dataKey, nonce, body, bound(Form.Record, context)), buckets);
}

/** What the next record names as `previous`: SHA-256 of the whole envelope. */
export function recordHash(envelope: Uint8Array): Promise<Bytes> {
  return sha256(ascii("hamrah record\n"), envelope);
}
