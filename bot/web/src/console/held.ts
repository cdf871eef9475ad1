// The case that is open, as the parts of its page know it; and keeping a sealed note in it, once, whatever happens on the way.

import { newKey, post, Refused } from "./net.ts";
import { warn, wordsFor } from "./notice.ts";
import { seal, type SealedNote } from "./noting.ts";
import type { Contents } from "./opening.ts";
import type { CaseLine, OpenCase, Session } from "./shapes.ts";

const DAY_S = 86_400;

export interface Held {
  readonly found: OpenCase;
  readonly contents: Contents;
  readonly session: Session;
  /** Id of whoever looks. */
  readonly me: string;
  now(): number;
  /** Something was added, or the case stands otherwise: show it. */
  refresh(line?: CaseLine): void;
  /** Somebody was faster: open it again; what was typed stays. */
  reopen(): Promise<void>;
}

export const today = (held: Held): number => Math.floor(held.now() / DAY_S);

/** What is sealed already and of which the server may not know: the same words are the same note (R26). */
let unsent: { case: string; what: string; words: string; note: SealedNote; key: string } | null = null;

/** Seal `words` into the case; false when the server did not take them: a warning says why.  `more`: beside the note. */
export async function keep(held: Held, what: string, words: string, more: Record<string, unknown> = {}): Promise<boolean> {
  try {
    if (unsent?.case !== held.found.id || unsent.what !== what || unsent.words !== words) {
      unsent = { case: held.found.id, what, words, note: await sealed(held, what, words), key: newKey() };
    }
    await post<CaseLine>(`case/${held.found.id}/note/add`, { ...unsent.note.body, ...more }, unsent.key);
    unsent.note.sent();
    unsent = null;
    held.refresh();
    return true;
  } catch (error) {
    await refused(held, error);
    return false;
  }
}

/** A note that goes with another act, sealed by itself. */
export function sealed(held: Held, what: string, words: string): Promise<SealedNote> {
  return seal(held.found, held.contents, { officer: held.me, day: today(held), what, text: words });
}

/** Say why something was not done; where a colleague was faster, look again. */
export async function refused(held: Held, error: unknown): Promise<void> {
  if (!(error instanceof Refused && error.status === 0)) unsent = null;
  warn(wordsFor(error));
  if (error instanceof Refused && error.status === 409) await held.reopen().catch((fault: unknown) => warn(wordsFor(fault)));
}

/** Nothing waits any more. */
export function letGo(): void {
  unsent = null;
}
