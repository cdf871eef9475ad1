// What other teams passed to this officer's teams, and what somebody has to look at again, above the queue until it is over.

import { byId, part, say, show, visible } from "../dom.ts";
import * as names from "./names.ts";
import { get } from "./net.ts";
import type { CaseLine } from "./shapes.ts";
import { t } from "./words.ts";

interface Waiting extends CaseLine {
  way: string;
  from: string;
  progress: string;
}

const pane = byId("inbox");
const WATCH_MS = 60_000;
let watch = 0;

/** Look now and every minute. */
export function begin(): void {
  window.clearInterval(watch);
  watch = window.setInterval(() => void look(), WATCH_MS);
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
  part(pane, "waiting").replaceChildren(...passed, ...due);
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
