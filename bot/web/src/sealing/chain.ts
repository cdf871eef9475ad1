// Records of a case, and answers in a mailbox, form a chain: dropping, replaying and reordering show (D7, S52).

import { equal } from "./bytes.ts";
import { type Context, NOTHING_BEFORE } from "./context.ts";
import { recordHash } from "./record.ts";

/** How far a chain went: the number of links, and the hash of the last one. */
export interface Head {
  readonly count: number;
  readonly last: Uint8Array;
}

export const START: Head = { count: 0, last: NOTHING_BEFORE };

export interface Link {
  readonly context: Context;
  readonly envelope: Uint8Array;
}

/** "order": dropped, replayed, reordered or swapped at `seq`; "case": of another case; "cut": ends before what was seen. */
export interface Broken {
  readonly seq: number;
  readonly why: "order" | "case" | "cut";
}

export async function headAfter(head: Head, envelope: Uint8Array): Promise<Head> {
  return { count: head.count + 1, last: await recordHash(envelope) };
}

/**
 * The head of `links`, in the order given, or where the chain breaks.
 * `after`: what comes before the first link; `seen`: a head known from elsewhere that it must still contain.
 */
export async function checkChain(links: readonly Link[], after: Head = START, seen?: Head): Promise<Head | Broken> {
  let head = after;
  let passedSeen = seen === undefined || sameHead(seen, head);
  for (const link of links) {
    const { context } = link;
    if (!equal(context.caseId, (links[0] as Link).context.caseId)) return { seq: head.count, why: "case" };
    if (context.seq !== head.count || !equal(context.previous, head.last)) return { seq: head.count, why: "order" };
    head = await headAfter(head, link.envelope);
    passedSeen ||= seen !== undefined && sameHead(seen, head);
  }
  return passedSeen ? head : { seq: head.count, why: "cut" };
}

function sameHead(one: Head, other: Head): boolean {
  return one.count === other.count && equal(one.last, other.last);
}
