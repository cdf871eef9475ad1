// The open case and what an officer does with it: each deed carries the version seen and a key of its own.

import { byId, part, say, visible } from "../dom.ts";
import * as company from "./company.ts";
import * as names from "./names.ts";
import { newKey, post, Refused } from "./net.ts";
import { tell, warn, wordsFor } from "./notice.ts";
import { openCase, refreshRoster, type Contents, type SealedAnswer } from "./opening.ts";
import { clearReply, keepTheirs, prepareReply, showReply, warnOf } from "./reply.ts";
import type { CaseLine, OpenCase, Session } from "./shapes.ts";
import { untilWhen } from "./snooze.ts";
import { clear, showCase, showLine } from "./talk.ts";
import { t, timeName } from "./words.ts";
import { clearWork, prepareWork, showWork } from "./work.ts";

const pane = byId("case");
const ORDER = ["claim", "take_over", "release", "wake", "snooze", "pass_on", "go_on", "close", "no_report", "quiet", "reopen", "sheet", "no_sheet"] as const;
const DAY_S = 86_400;
const ASKED_FIRST = new Set(["close", "take_over", "pass_on", "go_on"]);

let session: Session | null = null;
let current: OpenCase | null = null;
let contents: Contents | null = null;
let clock = (): number => 0;
let changed: (line: CaseLine) => void = () => undefined;
/** One key for a deed until the server has answered, so that pressing again after a lost connection does it once. */
const pending = new Map<string, string>();
/** How the open case stands on the server, as last told; seen or not. */
let news = { id: "", version: 0, seq: 0 };
/** An answer that is sealed, of which the server may not know yet. */
let unsent: { words: string; answer: SealedAnswer } | null = null;

/** Wire the pane once; `whenChanged` is told how a case stands after a deed. */
export function prepare(whenChanged: (line: CaseLine) => void): void {
  changed = whenChanged;
  prepareReply(send);
  prepareWork();
  company.prepare();
  part(pane, "news-show").addEventListener("click", () => void showNews());
}

/** The server says that a case changed, whoever did it; nothing that is being read moves. */
export function heardOf(id: string, version: number, seq: number): void {
  news = { id, version, seq };
  compare();
}

/** Say that there is more than is shown; what this officer does just now is told by its own answer. */
function compare(): void {
  const behind = current !== null && pending.size === 0 && news.id === current.id && (news.version > current.version || news.seq > current.seq);
  const box = part(pane, "news");
  if (box.hidden !== behind) return;
  visible(box, behind);
  say(part(box, "news-text"), behind ? t("case.news") : "");
}

/** Open it again where it is; what was typed stays. */
async function showNews(): Promise<void> {
  await lookAgain("").catch((fault: unknown) => warn(wordsFor(fault)));
  compare();
  part(pane, "title").focus();
}

export function begin(now: Session, time: () => number): void {
  session = now;
  clock = time;
}

export const openId = (): string | null => current?.id ?? null;

/** Take everything opened off the page. */
export function forget(): void {
  current = null;
  contents = null;
  pending.clear();
  unsent = null;
  company.leave();
  compare();
  clear();
  clearReply();
  clearWork();
}

/** Open a case: fetch, unwrap, check and show it. */
export async function openById(id: string): Promise<boolean> {
  if (session === null) return false;
  tell(t("case.opening"));
  try {
    const found = await post<OpenCase>(`case/${id}/open`, {});
    contents = await openCase(found, session);
    current = found;
    pending.clear();
    unsent = null;
    showCase(found, contents, session.officer.id, clock());
    showDeeds();
    showReply(found, session.officer.id, true, firstOnly());
    warnOf(session, found.language);
    showRest(true);
    company.arrive(found.id);
    compare();
    tell("");
    part(pane, "title").focus();
    return true;
  } catch (error) {
    forget();
    warn(wordsFor(error));
    return false;
  }
}

function showDeeds(): void {
  const group = part(pane, "deeds");
  const line = current;
  if (line === null) return;
  group.replaceChildren(...ORDER.filter((deed) => line.may.includes(deed)).map((deed) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.deed = deed;
    if (deed === "claim") button.className = "main";
    say(button, t(`deed.${deed}`));
    button.addEventListener("click", () => void press(deed));
    return button;
  }));
}

/** Do `deed` if the page offers it now; for keys. */
export function pressIfOffered(deed: string): void {
  if (current?.may.includes(deed) === true) void press(deed);
}

async function press(deed: string): Promise<void> {
  if (current === null || (ASKED_FIRST.has(deed) && !(await sure(deed, current)))) return;
  const putsOff = deed === "snooze" || deed === "quiet";
  const until = putsOff ? await untilWhen(clock(), deed) : null;
  if (putsOff && until === null) return;
  const done = await attempt(deed, until === null ? {} : { until });
  if (done) tell(t(`deed.done.${deed}`));
}

/** Do a deed on the server; what it answers is how the case stands now. */
async function attempt(deed: string, more: Record<string, unknown>): Promise<boolean> {
  if (current === null || session === null) return false;
  const key = pending.get(deed) ?? newKey();
  pending.set(deed, key);
  try {
    take(await post<CaseLine>(`case/${current.id}/${deed}`, { version: current.version, ...more }, key));
    pending.delete(deed);
    if (deed !== "reply") compare(); // the record of an answer is counted once it was taken over
    return true;
  } catch (error) {
    if (!(error instanceof Refused && error.status === 0)) {
      pending.delete(deed);
      unsent = null;
    }
    warn(wordsFor(error));
    if (error instanceof Refused && error.status === 409) await lookAgain(deed).catch((fault: unknown) => warn(wordsFor(fault)));
    return false;
  }
}

function take(line: CaseLine): void {
  if (current === null || session === null) return;
  Object.assign(current, line);
  showLine(current, session.officer.id, clock());
  showDeeds();
  showReply(current, session.officer.id, false, firstOnly());
  showRest(false);
  changed(current);
}

/** Nothing was ever answered, and the service wants the first answer to be made of prepared sentences (S53). */
const firstOnly = (): boolean => session?.prepared === true && contents?.answered === 0;

/** The parts beside the messages. */
function showRest(fresh: boolean): void {
  if (current === null || session === null || contents === null) return;
  const [found, inside, me] = [current, contents, session];
  showWork({
    found, contents: inside, session: me, me: me.officer.id, now: clock,
    refresh: (line) => {
      if (current !== found) return;
      if (line !== undefined) take(line);
      else showRest(false);
      compare();
    },
    reopen: () => lookAgain(""),
  }, fresh);
}

/** Somebody was faster: show their version beside what was written here; neither is lost. */
async function lookAgain(deed: string): Promise<void> {
  if (current === null || session === null) return;
  const before = contents?.talk.length ?? 0;
  await refreshRoster();
  const found = await post<OpenCase>(`case/${current.id}/open`, {});
  contents = await openCase(found, session);
  current = found;
  showCase(found, contents, session.officer.id, clock());
  showDeeds();
  showReply(found, session.officer.id, false, firstOnly());
  showRest(false);
  if (deed === "reply") keepTheirs(contents.talk.slice(before).filter((told) => told.officer !== null));
}

/** Seal and send; the same words after a lost connection are the same answer, sealed once and sent once (R26). */
async function send(words: string, prepared: boolean): Promise<boolean> {
  if (current === null || session === null || contents === null) return false;
  try {
    if (unsent?.words !== words) {
      pending.delete("reply");
      unsent = { words, answer: await contents.seal(words, Math.floor(clock() / DAY_S), session.officer.id, prepared) };
    }
    if (!(await attempt("reply", unsent.answer.body))) return false;
    unsent.answer.sent();
    unsent = null;
  } catch (error) {
    warn(wordsFor(error));
    return false;
  }
  compare();
  showCase(current, contents, session.officer.id, clock());
  showReply(current, session.officer.id, false, firstOnly());
  tell(t("deed.done.reply"));
  return true;
}

function sure(deed: string, line: CaseLine): Promise<boolean> {
  const box = byId<HTMLDialogElement>("sure");
  const since = deed === "take_over" && line.since !== null;
  const when = line.since === null ? "" : timeName(line.since, clock());
  say(part(box, "question"), t(`deed.ask.${deed}${since ? "-since" : ""}`, { name: names.colleague(line.holder ?? ""), time: when }));
  say(part(box, "yes"), t(`deed.${deed}`));
  return new Promise((resolve) => {
    const yes = part(box, "yes");
    const no = part(box, "no");
    yes.onclick = (): void => box.close("yes");
    no.onclick = (): void => box.close("");
    box.onclose = (): void => resolve(box.returnValue === "yes");
    box.returnValue = "";
    box.showModal();
    no.focus();
  });
}

/** Shown beside the list, or instead of it where the screen is narrow. */
export function showPane(yes: boolean): void {
  document.body.dataset.view = yes ? "case" : "queue";
  visible(pane, true);
}
