// The yearly sheet: what children propose, without names, to be printed.  Each proposal is opened here, as a case is;
// nothing opened is sent or kept, and a reader may leave out what could point at a child.

import { byId, copyOf, part, say, show, visible } from "../dom.ts";
import * as names from "./names.ts";
import { post } from "./net.ts";
import { warn, wordsFor } from "./notice.ts";
import { openCase } from "./opening.ts";
import type { OpenCase, QueuePage, Session } from "./shapes.ts";
import * as vault from "./vault.ts";
import { t } from "./words.ts";

const PAGE = 100;
const VIEW = "sheet";
const box = byId<HTMLDialogElement>("sheet");
const list = part(box, "proposals");

let session: Session | null = null;
/** Counts the sheets begun: one that was closed meanwhile fills nothing any more. */
let begun = 0;

/** Wire the dialog once; `pane` is the queue, whose button opens it. */
export function prepare(pane: HTMLElement): void {
  part(pane, "sheet").addEventListener("click", () => void make());
  part(box, "print").addEventListener("click", () => window.print());
  part(box, "close").addEventListener("click", () => box.close());
  box.addEventListener("close", forget);
}

export function begin(now: Session): void {
  session = now;
}

/** Nothing opened stays on the page. */
export function forget(): void {
  begun += 1;
  list.replaceChildren();
  say(part(box, "state"), "");
  if (box.open) box.close();
}

async function make(): Promise<void> {
  const now = session;
  if (now === null) return;
  forget();
  const mine = begun;
  visible(part(box, "print"), false);
  box.showModal();
  try {
    const ids = await marked();
    let closed = 0;
    for (const [at, id] of ids.entries()) {
      say(part(box, "state"), t("sheet.opening", { number: at + 1, count: ids.length }));
      const entries = await proposals(id, now).catch((error: unknown) => unlessLocked(error));
      if (mine !== begun) return;
      closed += entries === null ? 1 : 0;
      list.append(...(entries ?? []));
    }
    say(part(box, "state"), t("sheet.ready", { count: list.children.length }) + (closed > 0 ? ` ${t("sheet.closed", { count: closed })}` : ""));
    visible(part(box, "print"), list.children.length > 0);
  } catch (error) {
    if (mine === begun) box.close();
    warn(wordsFor(error));
  }
}

/** Every proposal on the list, page by page. */
async function marked(): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: QueuePage = await post<QueuePage>("queue", { view: VIEW, after, limit: PAGE });
    ids.push(...page.rows.map((row) => row.id));
    after = page.next;
  } while (after !== null);
  return ids;
}

async function proposals(id: string, now: Session): Promise<HTMLElement[]> {
  const found = await post<OpenCase>(`case/${id}/open`, {});
  const { words } = await openCase(found, now);
  return words.map((told) => proposal(told.text, found.language));
}

function proposal(words: string, language: string): HTMLElement {
  const entry = copyOf("piece-proposal");
  show(part(entry, "text"), words);
  say(part(entry, "from"), names.languageName(language));
  part(entry, "drop").addEventListener("click", () => {
    const next = entry.nextElementSibling ?? entry.previousElementSibling;
    entry.remove();
    say(part(box, "state"), t("sheet.ready", { count: list.children.length }));
    visible(part(box, "print"), list.children.length > 0);
    (next === null ? part(box, "close") : part(next as HTMLElement, "drop")).focus();
  });
  return entry;
}

/** One that does not open is counted and left out; a locked vault ends it all. */
function unlessLocked(error: unknown): null {
  if (error instanceof vault.VaultRefused && error.why !== "wrong") throw error;
  return null;
}
