// An officer's answer: signed by the officer, then sealed to the mailbox key that only the case code gives (D7, S52).
// Only a reply whose signature belongs to an officer of the roster, for this very place, is ever shown.

import { type Bytes, concat, equal, fromHex, hex } from "./bytes.ts";
import type { Context } from "./context.ts";
import { SealingError } from "./errors.ts";
import { canonical, parseObject } from "./fields.ts";
import { REPLY as REPLY_SIZE, asBytes } from "./padding.ts";
import { openRecord, sealRecord } from "./record.ts";
import type { Roster } from "./roster_document.ts";
import { REPLY as LABEL, SIGNATURE_BYTES, sign, signedBy } from "./signing.ts";

/** A verified answer.  `day`: days since the epoch on which the officer signed it. */
export interface Reply {
  readonly officer: string;
  readonly day: number;
  readonly text: string;
}

/** Not to be shown, and an alarm. */
export interface Unverified {
  readonly unverified: "not mine" | "damaged" | "malformed" | "moved" | "stranger" | "suspended" | "signature";
}

/** The payload that the officer's vault signs; `words` must be NFC and hold no lone surrogate. */
export function writeReply(context: Context, officer: string, day: number, words: string): Bytes {
  asBytes(words);
  return canonical({
    v: 1,
    case: hex(context.caseId),
    mailbox: hex(context.recipient),
    seq: context.seq,
    previous: hex(context.previous),
    officer,
    at: day,
    text: words,
  });
}

/** Signature, then payload: what is sealed. */
export async function signReply(signingSeed: Uint8Array, payload: Uint8Array): Promise<Bytes> {
  return concat(await sign(signingSeed, LABEL, payload), payload);
}

/** Seal a signed payload to a mailbox.  `dataKey`: a fresh one, where it will be shown because the text is a prepared one (S53). */
export async function sealReply(
  mailboxPublic: Uint8Array, context: Context, signedPayload: Uint8Array, dataKey?: Bytes,
): Promise<Bytes> {
  if (context.kind !== "reply") throw new SealingError("Damaged", "a reply needs the context of a reply");
  return sealRecord(mailboxPublic, context, signedPayload, REPLY_SIZE, dataKey);
}

/** Open and verify one answer; never throws for what the server may have done to it. */
export async function openReply(
  mailboxSeed: Uint8Array,
  context: Context,
  envelope: Uint8Array,
  roster: Roster,
): Promise<Reply | Unverified> {
  let signedPayload: Bytes;
  try {
    signedPayload = await openRecord(mailboxSeed, context, envelope, REPLY_SIZE);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return { unverified: error.why === "NotMine" ? "not mine" : "damaged" };
  }
  return verifyReply(context, signedPayload, roster);
}

/** The key id of the mailbox that a signed payload names: for the case's copies, once the reporter has closed the mailbox. */
export function mailboxOf(signedPayload: Bytes): Bytes {
  try {
    return fromHex(parseObject(signedPayload.subarray(SIGNATURE_BYTES), REPLY_SIZE[0] as number).text("mailbox"));
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return new Uint8Array(16);
  }
}

/** Verify a signed payload that was opened already: a mailbox's, or the copy in its case. */
export async function verifyReply(context: Context, signedPayload: Bytes, roster: Roster): Promise<Reply | Unverified> {
  const signature = signedPayload.subarray(0, SIGNATURE_BYTES);
  const payload = signedPayload.subarray(SIGNATURE_BYTES);
  let reply: Reply;
  let inItsPlace: boolean;
  try {
    const fields = parseObject(payload, REPLY_SIZE[0] as number);
    reply = { officer: fields.text("officer"), day: fields.number("at"), text: fields.text("text") };
    inItsPlace = equal(payload, writeReply(context, reply.officer, reply.day, reply.text));
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return { unverified: "malformed" };
  }
  const officer = roster.officers.find((one) => one.id === reply.officer);
  if (context.kind !== "reply" || !equal(context.deployment, roster.deployment) || !inItsPlace) {
    return { unverified: "moved" };
  }
  if (!officer) return { unverified: "stranger" };
  if (officer.suspended) return { unverified: "suspended" };
  return (await signedBy(officer.signing, LABEL, payload, signature)) ? reply : { unverified: "signature" };
}
