// From a case code to a mailbox: who may read it, and with which key (D2, S16).

import { type Bytes, ascii } from "./bytes.ts";
import type { CaseCode } from "./case_code.ts";
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
