// Records and files, sealed to the key of a case: those of a report, and those of a message to a case that exists.

import { hex, type Bytes } from "../sealing/bytes.ts";
import { headAfter, type Head } from "../sealing/chain.ts";
import { fileHash, sealFile } from "../sealing/chunks.ts";
import { NOTHING_BEFORE, newId } from "../sealing/context.ts";
import { asBytes } from "../sealing/padding.ts";
import { sealRecord } from "../sealing/record.ts";

/** The case that is sealed to.  `caseKey`: id of its public half. */
export interface Target {
  readonly place: { readonly deployment: Uint8Array; readonly rosterVersion: number; readonly caseId: Bytes };
  readonly casePublic: Bytes;
  readonly caseKey: Bytes;
}

/** What a record will hold. */
export interface Piece {
  readonly id: Bytes;
  readonly kind: string;
  readonly content: unknown;
}

/** A recording or picture, and what its record says of it beside its hash. */
export interface Spoken {
  readonly kind: string;
  readonly bytes: Bytes;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface SealedRecords {
  readonly records: readonly { readonly id: Bytes; readonly kind: string; readonly envelope: Bytes }[];
  readonly head: Head;
}

const HALF_CHARACTER = /\p{Surrogate}/gu;

/** Half a character cannot be shown again, and is not sealed (S4). */
export function whole(text: string): string {
  return text.replace(HALF_CHARACTER, "\uFFFD");
}

/** Sealed files, and the pieces that name each by its hash, in the same order. */
export async function sealFiles(target: Target, files: readonly Spoken[]): Promise<{ sounds: Bytes[]; spoken: Piece[] }> {
  const sounds: Bytes[] = [];
  const spoken: Piece[] = [];
  for (const { kind, bytes, content } of files) {
    const id = newId();
    const context = { ...target.place, recordId: id, kind, seq: 0, recipient: target.caseKey, previous: NOTHING_BEFORE };
    const sealed = await sealFile(target.casePublic, context, bytes);
    sounds.push(sealed);
    spoken.push({ id, kind, content: { ...content, roster: target.place.rosterVersion, hash: hex(await fileHash(sealed)) } });
  }
  return { sounds, spoken };
}

/** `pieces` in their order, chained after `head`. */
export async function sealRecords(target: Target, pieces: readonly Piece[], after: Head): Promise<SealedRecords> {
  const records: { id: Bytes; kind: string; envelope: Bytes }[] = [];
  let head = after;
  for (const { id: recordId, kind, content } of pieces) {
    const context = { ...target.place, recordId, kind, seq: head.count, recipient: target.caseKey, previous: head.last };
    const envelope = await sealRecord(target.casePublic, context, asBytes(JSON.stringify(content)));
    head = await headAfter(head, envelope);
    records.push({ id: recordId, kind, envelope });
  }
  return { records, head };
}
