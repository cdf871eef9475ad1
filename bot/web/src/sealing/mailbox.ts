// From a case code to a mailbox: who may read it, and with which key (D2, S16).

import { type Bytes, ascii, bigEndian, concat } from "./bytes.ts";
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
  const secret = await expand(mailbox.kemPrivate, "emptied");
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, said));
}
