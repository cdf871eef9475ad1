// Where a sealed item belongs.  Sealed to one place, it opens in no other (D7, S3).

import { type Bytes, ascii, bigEndian, concat, random } from "./bytes.ts";

export const PROTOCOL = 1;
export const ID_BYTES = 16;
export const HASH_BYTES = 32;

/** `previous` of the first record of a case, and of the first reply of a mailbox. */
export const NOTHING_BEFORE: Bytes = new Uint8Array(HASH_BYTES);

/** Ids have 16 bytes, `previous` 32; `recipient` is the id of the key it is sealed to. */
export interface Context {
  readonly deployment: Uint8Array;
  readonly rosterVersion: number;
  readonly caseId: Uint8Array;
  readonly recordId: Uint8Array;
  /** An ASCII word, e.g. "cover", "answer", "reply". */
  readonly kind: string;
  /** 0, 1, 2 … within the case (or mailbox). */
  readonly seq: number;
  readonly recipient: Uint8Array;
  readonly previous: Uint8Array;
  readonly protocol?: number;
}

/** One way to write it: each field after its length (2 bytes, big-endian), numbers as 8 bytes. */
export function canonicalContext(context: Context): Bytes {
  for (const id of [context.deployment, context.caseId, context.recordId, context.recipient]) {
    if (id.length !== ID_BYTES) throw new RangeError(`an id has ${ID_BYTES} bytes`);
  }
  if (context.previous.length !== HASH_BYTES) throw new RangeError(`previous has ${HASH_BYTES} bytes`);
  if (!/^[\x00-\x7f]{1,32}$/.test(context.kind)) throw new RangeError("kind is 1 to 32 ASCII characters");
  const fields = [
    ascii("hamrah context"),
    bigEndian(context.protocol ?? PROTOCOL, 8),
    context.deployment,
    bigEndian(context.rosterVersion, 8),
    context.caseId,
    context.recordId,
    ascii(context.kind),
    bigEndian(context.seq, 8),
    context.recipient,
    context.previous,
  ];
  return concat(...fields.flatMap((field) => [bigEndian(field.length, 2), field]));
}

/** A random id: it tells nobody when or in which order something was made (D15). */
export function newId(): Bytes {
  return random(ID_BYTES);
}
