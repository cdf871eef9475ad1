// From a case code to a mailbox: who may read it, and with which key (D2, S16).

import { type Bytes, ascii, bigEndian, concat, equal } from "./bytes.ts";
import type { CaseCode } from "./case_code.ts";
import type { Head } from "./chain.ts";
import { expand } from "./stretch.ts";
import { publicKey } from "./suite.ts";

/** `id` and `auth` go to the server; `kemPrivate` (32-byte seed) stays in the page. */
export interface Mailbox {
  readonly id: Bytes;
  readonly auth: Bytes;
  readonly kemPublic: Bytes;
  readonly kemPrivate: Bytes;
}

/** What Argon2id is given: the code without its check digit. */
export function stretchable(code: CaseCode): Bytes {
  return ascii(code.reveal().slice(0, -1));
}

/** Split what Argon2id made of a code into the keys of its mailbox. */
export async function mailboxFrom(stretched: Bytes): Promise<Mailbox> {
  const seed = await expand(stretched, "kem-seed");
  return {
    id: await expand(stretched, "mailbox-id"),
    auth: await expand(stretched, "auth"),
    kemPublic: await publicKey(seed),
    kemPrivate: seed,
  };
}

/** Proves that the holder of the code had read up to `head` (S52); the twin of `emptied_mark` in bot/sealing/mailbox.py. */
export async function emptiedMark(mailbox: Mailbox, head: Head): Promise<Bytes> {
  const said = concat(ascii("hamrah emptied 1\n"), mailbox.id, bigEndian(head.count, 8), head.last);
  return hmac(await expand(mailbox.kemPrivate, "emptied"), said);
}

/** What makes the mark of the case key; only the code gives it.  The twin of `case_mark_key` in bot/sealing/mailbox.py. */
export function caseMarkKey(mailbox: Mailbox): Promise<Bytes> {
  return expand(mailbox.kemPrivate, "case-key");
}

/** The case whose key is meant: its id, and the public half. */
export interface CaseKey {
  readonly caseId: Uint8Array;
  readonly casePublic: Uint8Array;
}

/** Ties the case's public key to its mailbox, so that nobody can put another in its place. */
export function caseMark(markKey: Bytes, mailboxId: Uint8Array, { caseId, casePublic }: CaseKey): Promise<Bytes> {
  return hmac(markKey, concat(ascii("hamrah case key 1\n"), mailboxId, caseId, casePublic));
}

/** Whether `mark` says that this is the key of the case that the mailbox hears from; nothing is sealed to another one. */
export async function isTheCasesKey(mailbox: Mailbox, key: CaseKey, mark: Uint8Array): Promise<boolean> {
  return equal(await caseMark(await caseMarkKey(mailbox), mailbox.id, key), mark);
}

async function hmac(secret: Bytes, said: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, said));
}
