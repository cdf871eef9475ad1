// What other teams passed to this officer's teams, and what somebody has to look at again, above the queue until it is over.

import { byId, part, say, show, visible } from "../dom.ts";
import * as names from "./names.ts";
import * as live from "./live.ts";
import { get } from "./net.ts";
import type { CaseLine } from "./shapes.ts";
import { t } from "./words.ts";

interface Waiting extends CaseLine {
  way: string;
  from: string;
  progress: string;
}

const pane = byId("inbox");
/** Without the stream; with it, only what becomes due is looked for, every five minutes. */
const WATCH_MS = 60_000;
const SELDOM = 5;
let watch = 0;
let beats = 0;

/** Look now, and again by the clock. */
export function begin(): void {
  window.clearInterval(watch);
  watch = window.setInterval(() => {
    beats += 1;
    if (!live.isUp() || beats % SELDOM === 0) void look();
  }, WATCH_MS);
  void look();
}

/** Nothing stays. */
export function forget(): void {
  window.clearInterval(watch);
  part(pane, "waiting").replaceChildren();
  visible(pane, false);
}

export async function look(): Promise<void> {
  let found: { waiting: Waiting[]; due: CaseLine[] };
  try {
    found = await get<{ waiting: Waiting[]; due: CaseLine[] }>("referrals", true);
  } catch {
    return; // the queue says that there is no connection
  }
  const passed = found.waiting.map((one) =>
    row(one, t("pass.inbox-row", { way: t(`pass.way.${one.way}`), team: names.team(one.from), handle: one.handle }), t(`pass.progress.${one.progress}`)));
  const due = found.due.map((one) => row(one, t("plan.due", { handle: one.handle }), ""));
  visible(pane, passed.length + due.length > 0);
  place([...passed, ...due]);
}

/** Put rows where they belong, and leave those that did not change alone: the focus may be on one. */
function place(found: readonly HTMLElement[]): void {
  const list = part(pane, "waiting");
  const same = found.length === list.children.length && found.every((one, n) => one.isEqualNode(list.children[n] ?? null));
  if (same) return;
  const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.case : undefined;
  list.replaceChildren(...found);
  if (focused !== undefined) (list.querySelector<HTMLElement>(`[data-case="${focused}"]`) ?? byId("queue-title")).focus();
}

function row(one: CaseLine, words: string, more: string): HTMLElement {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  const what = document.createElement("span");
  const state = document.createElement("span");
  link.href = `#/${one.id}`;
  link.dataset.case = one.id;
  link.className = "inbox-row";
  show(what, words);
  state.className = "quiet";
  say(state, more);
  link.append(names.urgencyMark(one.urgency), " ", what, " ", state);
  entry.append(link);
  return entry;
}
