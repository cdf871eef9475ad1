// Sizes that tell little: every sealed text has one of three lengths, every mailbox answer the same one (S9).

import { type Bytes, bigEndian, concat, fromBigEndian } from "./bytes.ts";
import { SealingError } from "./errors.ts";

export type Buckets = readonly number[];

/** Size buckets of what a reporter writes, bytes after padding. */
export const TEXT: Buckets = [2048, 8192, 32768];

/** One size for all answers to a mailbox. */
export const REPLY: Buckets = [8192];

const HALF_CHARACTER = /\p{Surrogate}/u;

/** NFC, UTF-8.  A lone surrogate is refused: the encoder would replace it without a word. */
export function asBytes(words: string): Bytes {
  const composed = words.normalize("NFC");
  if (HALF_CHARACTER.test(composed)) throw new SealingError("NotText", "half a character");
  return new TextEncoder().encode(composed);
}

export function asWords(text: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new SealingError("NotText", "not UTF-8");
  }
}

/** Length (2 bytes), text, zeros: exactly the smallest bucket that holds it. */
export function pad(text: Uint8Array, buckets: Buckets = TEXT): Bytes {
  const size = buckets.find((bucket) => text.length + 2 <= bucket);
  if (size === undefined) throw new SealingError("TooLong", `${text.length} bytes`);
  return concat(bigEndian(text.length, 2), text, new Uint8Array(size - 2 - text.length));
}

/** Undo `pad`; anything that `pad` would not have written is refused. */
export function unpad(padded: Uint8Array, buckets: Buckets = TEXT): Bytes {
  const end = 2 + fromBigEndian(padded.subarray(0, 2));
  if (!buckets.includes(padded.length) || end > padded.length || padded.subarray(end).some((byte) => byte !== 0)) {
    throw new SealingError("Damaged", "padding is not as we write it");
  }
  return padded.slice(2, end) as Bytes;
}

export function fits(text: Uint8Array, buckets: Buckets = TEXT): boolean {
  return buckets.some((bucket) => text.length + 2 <= bucket);
}
