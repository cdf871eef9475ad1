// The case code and its mailbox, made here (D1): the code is drawn in the page, stretched in a worker, and never sent.

import { startWorker } from "../dom.ts";
import { ascii, fromBase64, sha256, type Bytes } from "../sealing/bytes.ts";
import { newCode, type CaseCode } from "../sealing/case_code.ts";
import { caseMarkKey, mailboxFrom, stretchable, type Mailbox } from "../sealing/mailbox.ts";
import { CODE_COST } from "../sealing/stretch.ts";
import { postBytes, untilReached } from "./net.ts";

/** What the server is told of the mailbox: the proof only as its hash (S17).  `markKey` stays here: it ties the case's key to it. */
export interface NewMailbox {
  readonly id: Bytes;
  readonly auth: Bytes;
  readonly kem: Bytes;
  readonly locator: string;
  readonly cost: string;
  readonly markKey: Bytes;
}

export interface MadeCode {
  readonly code: CaseCode;
  readonly mailbox: NewMailbox;
}

/** A fresh code and its mailbox.  The salt of its bucket is asked for in a body, never in an address (S18). */
export async function makeCode(saltAddress: string, worker: string, waiting: (yes: boolean) => void): Promise<MadeCode> {
  const code = newCode();
  const made = await stretchedMailbox(code, saltAddress, worker, waiting);
  const markKey = await caseMarkKey(made);
  made.kemPrivate.fill(0);
  const cost = `argon2id:${CODE_COST.passes}:${CODE_COST.memoryKib}:1`;
  return { code, mailbox: { id: made.id, auth: await sha256(made.auth), kem: made.kemPublic, locator: code.locator, cost, markKey } };
}

/** The keys of the mailbox of `code`, at today's cost. */
export async function stretchedMailbox(
  code: CaseCode, saltAddress: string, worker: string, waiting: (yes: boolean) => void,
): Promise<Mailbox> {
  const asked = ascii(code.locator);
  const { salt } = await untilReached(() => postBytes<{ salt: string }>(saltAddress, asked), waiting);
  const stretched = await stretch(worker, stretchable(code), fromBase64(salt));
  const mailbox = await mailboxFrom(stretched);
  stretched.fill(0);
  return mailbox;
}

/** In a worker of its own, which ends with it: only its response may run WebAssembly (S24). */
function stretch(address: string, secret: Bytes, salt: Bytes): Promise<Bytes> {
  const worker = startWorker(address);
  return new Promise<Bytes>((resolve, reject) => {
    worker.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (event.data instanceof Uint8Array && event.data.length === 32) resolve(event.data as Bytes);
      else reject(new Error("not stretched"));
    });
    worker.addEventListener("error", () => reject(new Error("not stretched")));
    worker.postMessage({ secret, salt, cost: CODE_COST });
  }).finally(() => worker.terminate());
}
