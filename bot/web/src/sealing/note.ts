// An officer's note: signed by the officer, then sealed to the case key; it has no way to a mailbox.
// The twin of bot/sealing/note.py: a label of its own, and a payload that names the case key, keep it from being an answer.

import { type Bytes, concat, equal, hex } from "./bytes.ts";
import type { Context } from "./context.ts";
import { SealingError } from "./errors.ts";
import { canonical, parseObject } from "./fields.ts";
import { TEXT, asBytes } from "./padding.ts";
import { sealRecord } from "./record.ts";
import type { Roster } from "./roster_document.ts";
import { NOTE as LABEL, SIGNATURE_BYTES, sign, signedBy } from "./signing.ts";

/** A verified note.  `what`: "note", "story", "plan", …; `day`: days since the epoch on which it was signed. */
export interface Note {
  readonly officer: string;
  readonly day: number;
  readonly what: string;
  readonly text: string;
}

/** Not to be shown, and an alarm. */
export interface Unsigned {
  readonly unsigned: "malformed" | "moved" | "stranger" | "suspended" | "signature";
}

/** The payload that the officer's vault signs; `words` must be NFC and hold no lone surrogate. */
export function writeNote(context: Context, said: Note): Bytes {
  asBytes(said.text);
  return canonical({
    v: 1,
    case: hex(context.caseId),
    key: hex(context.recipient),
    seq: context.seq,
    previous: hex(context.previous),
    officer: said.officer,
    at: said.day,
    what: said.what,
    text: said.text,
  });
}

/** Signature, then payload: what is sealed. */
export async function signNote(signingSeed: Uint8Array, payload: Uint8Array): Promise<Bytes> {
  return concat(await sign(signingSeed, LABEL, payload), payload);
}

export async function sealNote(casePublic: Uint8Array, context: Context, signedPayload: Uint8Array): Promise<Bytes> {
  if (context.kind !== "note") throw new SealingError("Damaged", "a note needs the context of a note");
  return sealRecord(casePublic, context, signedPayload);
}

/** Verify an opened note, for the place that `context` names. */
export async function verifyNote(context: Context, signedPayload: Bytes, roster: Roster): Promise<Note | Unsigned> {
  const signature = signedPayload.subarray(0, SIGNATURE_BYTES);
  const payload = signedPayload.subarray(SIGNATURE_BYTES);
  let note: Note;
  let inItsPlace: boolean;
  try {
    const fields = parseObject(payload, TEXT[TEXT.length - 1] as number);
    note = { officer: fields.text("officer"), day: fields.number("at"), what: fields.text("what"), text: fields.text("text") };
    inItsPlace = equal(payload, writeNote(context, note));
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return { unsigned: "malformed" };
  }
  const officer = roster.officers.find((one) => one.id === note.officer);
  if (context.kind !== "note" || !equal(context.deployment, roster.deployment) || !inItsPlace) return { unsigned: "moved" };
  if (!officer) return { unsigned: "stranger" };
  if (officer.suspended) return { unsigned: "suspended" };
  return (await signedBy(officer.signing, LABEL, payload, signature)) ? note : { unsigned: "signature" };
}
