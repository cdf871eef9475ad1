// Files: 64 KiB chunks, each tied to its index and to whether it is the last (S2); sizes are Padmé's (S9).
// header (12) · HPKE of the file key: enc (1120), key and tag (48) · nonce prefix (7) · chunks of 65536 + 16 bytes.

import { type Bytes, ascii, bigEndian, concat, fromBigEndian, random, sha256 } from "./bytes.ts";
import type { Context } from "./context.ts";
import { SealingError } from "./errors.ts";
import { KEY_BYTES, WRAPPED_KEY_BYTES } from "./record.ts";
import { Form, HEADER_BYTES, TAG_BYTES, aesOpen, aesSeal, bound, checkHeader, header } from "./suite.ts";
import { hpkeOpen, hpkeSeal } from "./suite.ts";

export const CHUNK_BYTES = 64 * 1024;
/** The largest file we take (S34). */
export const MOST_BYTES = 20 * 1024 * 1024;

const PREFIX_BYTES = 7;
const PREFIX_AT = HEADER_BYTES + WRAPPED_KEY_BYTES;
const CHUNKS_AT = PREFIX_AT + PREFIX_BYTES;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Seal a file of up to 20 MiB. */
export async function sealFile(casePublic: Uint8Array, context: Context, content: Uint8Array): Promise<Bytes> {
  const padded = padFile(content);
  const fileKey = random(KEY_BYTES);
  const prefix = random(PREFIX_BYTES);
  const tiedTo = bound(Form.File, context);
  const parts = [header(Form.File), await hpkeSeal(casePublic, Form.File, context, fileKey), prefix];
  for (let start = 0; start < padded.length; start += CHUNK_BYTES) {
    const place = placeOf(start / CHUNK_BYTES, start + CHUNK_BYTES >= padded.length);
    const chunk = padded.slice(start, start + CHUNK_BYTES);
    parts.push(await aesSeal(fileKey, concat(prefix, place), chunk, concat(tiedTo, place)));
  }
  return concat(...parts);
}

/** The whole file, or a `SealingError`: a chunk that was swapped, dropped, repeated or cut is "Damaged". */
export async function openFile(caseSeed: Uint8Array, context: Context, envelope: Uint8Array): Promise<Bytes> {
  checkHeader(envelope, Form.File);
  if (envelope.length < CHUNKS_AT + SEALED_CHUNK_BYTES) {
    throw new SealingError("Damaged", `${envelope.length} bytes is too short for a file`);
  }
  const fileKey = await hpkeOpen(caseSeed, Form.File, context, envelope.subarray(HEADER_BYTES, PREFIX_AT));
  const tiedTo = bound(Form.File, context);
  const prefix = envelope.slice(PREFIX_AT, CHUNKS_AT);
  const sealed = envelope.subarray(CHUNKS_AT);
  const parts: Bytes[] = [];
  for (let start = 0; start < sealed.length; start += SEALED_CHUNK_BYTES) {
    const place = placeOf(parts.length, start + SEALED_CHUNK_BYTES >= sealed.length);
    const chunk = sealed.slice(start, start + SEALED_CHUNK_BYTES) as Bytes;
    parts.push(await aesOpen(fileKey, concat(prefix, place), chunk, concat(tiedTo, place)));
  }
  return unpadFile(concat(...parts));
}

/** How the record of a file names it; so the chain covers files too. */
export function fileHash(envelope: Uint8Array): Promise<Bytes> {
  return sha256(ascii("hamrah file\n"), envelope);
}

/** The padded size of `length` bytes (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019). */
export function padme(length: number): number {
  const exponent = Math.floor(Math.log2(length));
  const freeBits = exponent - (Math.floor(Math.log2(exponent)) + 1);
  const step = 2 ** Math.max(freeBits, 0);
  return Math.max(Math.ceil(length / step) * step, CHUNK_BYTES);
}

function padFile(content: Uint8Array): Bytes {
  if (content.length > MOST_BYTES) throw new SealingError("TooLong", `${content.length} bytes`);
  const length = 8 + content.length;
  return concat(bigEndian(content.length, 8), content, new Uint8Array(padme(length) - length));
}

function unpadFile(padded: Bytes): Bytes {
  const end = 8 + fromBigEndian(padded.subarray(0, 8));
  if (end > MOST_BYTES + 8 || padded.length !== padme(end) || padded.subarray(end).some((byte) => byte !== 0)) {
    throw new SealingError("Damaged", "padding is not as we write it");
  }
  return padded.slice(8, end);
}

function placeOf(index: number, last: boolean): Bytes {
  return concat(bigEndian(index, 4), bigEndian(last ? 1 : 0, 1));
}
