// A mailbox, opened here (D1, S17): the server gets its id and a proof, never the code; the answers are opened in the page,
// and only what an officer of the signed list wrote for this very place is shown (S52).

import { ascii, bigEndian, concat, equal, fromBase64, type Bytes } from "../sealing/bytes.ts";
import type { CaseCode } from "../sealing/case_code.ts";
import { START, headAfter, type Head } from "../sealing/chain.ts";
import { emptiedMark, type Mailbox } from "../sealing/mailbox.ts";
import { openReply } from "../sealing/reply.ts";
import type { Roster } from "../sealing/roster_document.ts";
import { keyId } from "../sealing/suite.ts";
import { stretchedMailbox } from "./mailbox.ts";
import { postBytes, untilReached } from "./net.ts";
import type { Trust } from "./trust.ts";
import { Writing } from "./writing.ts";

type Wish = "none" | "stop" | "overruled";

/** What the server shows to whoever proves the code.  `write`: the case's key with its mark, and the end of its chain. */
export interface Stored {
  readonly case: string;
  readonly status: string;
  readonly wish: Wish;
  readonly answers: readonly { readonly id: string; readonly seq: number; readonly roster: number; readonly envelope: string }[];
  readonly until?: string;
  readonly write?: { readonly public: string; readonly mark: string; readonly seq: number; readonly head: string; readonly notes: number };
  readonly emptied?: { readonly count: number; readonly last: string; readonly mark: string };
}

/** What is shown.  `until`: the last day, while one is known; `emptied`: answers were deleted by the reporter before. */
export interface Opened {
  readonly status: string;
  readonly wish: Wish;
  readonly answers: readonly string[];
  readonly until: string | undefined;
  readonly emptied: boolean;
  /** Delete the answers shown, or close it for good; asked again, it is done once. */
  readonly deed: (deed: "empty" | "close") => Promise<void>;
  /** None: made before the key of a case could be proved.  "unsure": the key named is not the case's own. */
  readonly writing: Writing | "unsure" | undefined;
}

/** Where to ask, and whom to believe. */
export interface Door {
  readonly report: string;
  readonly worker: string;
  readonly trust: Trust;
  readonly waiting: (yes: boolean) => void;
}

/** What is behind `code`; nothing where it opens nothing, whichever reason that has (S19). */
export async function openMailbox(code: CaseCode, door: Door): Promise<Opened | undefined> {
  const mailbox = await stretchedMailbox(code, `${door.report}/salt`, door.worker, door.waiting);
  try {
    const asking = concat(ascii(code.locator), mailbox.id, mailbox.auth);
    const look = async (): Promise<Stored | undefined> => {
      const stored = await untilReached(() => postBytes<Stored | Record<string, never>>(`${door.report}/mailbox`, asking), door.waiting);
      return isFound(stored) ? stored : undefined;
    };
    const stored = await look();
    if (stored === undefined) return undefined;
    const roster = await untilReached(() => door.trust.signed(), door.waiting);
    const { shown: answers, head } = await verified(mailbox, stored, roster);
    const upTo = concat(bigEndian(head.count, 8), head.last, await emptiedMark(mailbox, head));
    const deed = async (what: "empty" | "close"): Promise<void> => {
      const body = concat(asking, ascii(what[0] as string), upTo);
      await untilReached(() => postBytes(`${door.report}/deed`, body), door.waiting);
    };
    const writing = await Writing.open(mailbox, stored, asking, door, look);
    return { ...standing(stored), answers, emptied: stored.emptied !== undefined, deed, writing };
  } finally {
    mailbox.kemPrivate.fill(0);
    mailbox.auth.fill(0);
  }
}

/** How the report stands, of what the server shows; it changes when something was written. */
export function standing({ status, wish, until }: Stored): Pick<Opened, "status" | "wish" | "until"> {
  return { status, wish, until };
}

/** The answers of an unbroken chain, oldest first, and where it ends: before the first that does not verify. */
async function verified(mailbox: Mailbox, stored: Stored, roster: Roster): Promise<{ shown: string[]; head: Head }> {
  const recipient = await keyId(mailbox.kemPublic);
  let head = await beginning(mailbox, stored);
  if (head === undefined) return { shown: [], head: START };
  const shown: string[] = [];
  for (const { id, seq, roster: rosterVersion, envelope } of stored.answers) {
    if (seq !== head.count) break;
    const place = { deployment: roster.deployment, rosterVersion, caseId: fromBase64(stored.case), recordId: fromBase64(id) };
    const sealed = fromBase64(envelope);
    const context = { ...place, kind: "reply", seq, recipient, previous: head.last };
    const reply = await openReply(mailbox.kemPrivate, context, sealed, roster);
    if ("unverified" in reply) break;
    shown.push(reply.text);
    head = await headAfter(head, sealed);
  }
  return { shown, head };
}

/** After the answers that the reporter deleted, if the code itself proves that it was so. */
async function beginning(mailbox: Mailbox, stored: Stored): Promise<Head | undefined> {
  if (stored.emptied === undefined) return START;
  const head = { count: stored.emptied.count, last: fromBase64(stored.emptied.last) };
  const mark: Bytes = await emptiedMark(mailbox, head);
  return equal(mark, fromBase64(stored.emptied.mark)) ? head : undefined;
}

function isFound(stored: Stored | Record<string, never>): stored is Stored {
  return "status" in stored;
}
