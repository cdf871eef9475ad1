// The queue: rows from sealed covers, opened here; the most urgent first, in the order the server keeps.

import { byId, copyOf, part, say, show, visible } from "../dom.ts";
import * as names from "./names.ts";
import * as narrow from "./narrow.ts";
import * as live from "./live.ts";
import { post } from "./net.ts";
import { warn, wordsFor } from "./notice.ts";
import { coverOf, type Opened } from "./opening.ts";
import type { CaseLine, Glance, QueuePage, QueueRow } from "./shapes.ts";
import { aboutHour, ago, lasting, momentName, own, t, timeName } from "./words.ts";

export const VIEWS = ["todo", "urgent", "overdue", "mine", "unassigned", "waiting", "passed_on", "asleep", "closed", "feedback", "sheet"] as const;
const PAGE = 25;
/** Pages of a narrowed list that are looked at by themselves, where few rows fit. */
const FURTHER = 4;
const REASONS_SHOWN = 2;
/** Without the stream a list asks every half minute; with it every five, because what is late depends on the time alone. */
const WATCH_MS = 30_000;
const SELDOM = 10;
const COUNTED_TO = 100; // what is late is counted no further
const TO_DO = ["new", "opened", "in_work"];
const HOUR_S = 3600;

const pane = byId("queue");
const list = part<HTMLOListElement>(pane, "rows");

let view: string = "todo";
let next: string | null = null;
let within: Readonly<Record<string, number>> = {};
let me = "";
let clock = (): number => 0;
let watch = 0;
let beats = 0;
/** Counts the looks and the lists: an answer that a newer one overtook is dropped. */
let turn = 0;

/** Wire the pane once. */
export function prepare(): void {
  for (const id of VIEWS) part(pane, "views").append(viewButton(id));
  narrow.prepare((id) => {
    view = id;
    void refresh();
  });
  part(pane, "refresh").addEventListener("click", () => void refresh());
  part(pane, "more").addEventListener("click", () => void loadMore());
  part(pane, "fresh-show").addEventListener("click", () => void showFresh());
}

/** Begin with an empty pane for the officer `id`; `now` tells the server's time. */
export function begin(id: string, now: () => number): void {
  me = id;
  clock = now;
  view = "todo";
  window.clearInterval(watch);
  watch = window.setInterval(() => {
    beats += 1;
    if (!live.isUp() || beats % SELDOM === 0) void look();
  }, WATCH_MS);
}

/** Nothing opened stays on the page once the vault is locked. */
export function forget(): void {
  window.clearInterval(watch);
  turn += 1;
  list.replaceChildren();
  fresh(0);
}

export async function refresh(): Promise<void> {
  list.setAttribute("aria-busy", "true");
  turn += 1;
  try {
    const page = await post<QueuePage>("queue", { view, narrow: narrow.now(), after: null, limit: PAGE });
    list.replaceChildren();
    fresh(0);
    await take(page);
    for (let n = 0; n < FURTHER && next !== null && list.children.length < PAGE; n += 1) {
      await take(await post<QueuePage>("queue", { view, narrow: narrow.now(), after: next, limit: PAGE }));
    }
    say(part(pane, "shown"), t("queue.shown", { count: list.children.length }));
  } catch (error) {
    warn(wordsFor(error));
  } finally {
    list.removeAttribute("aria-busy");
  }
}

async function loadMore(): Promise<void> {
  const from = list.children.length;
  try {
    await take(await post<QueuePage>("queue", { view, narrow: narrow.now(), after: next, limit: PAGE }));
    rowAt(from)?.focus();
  } catch (error) {
    warn(wordsFor(error));
  }
}

async function take(page: QueuePage): Promise<void> {
  next = page.next;
  within = page.within;
  showCounts(page.counts);
  say(part(pane, "changed"), "");
  visible(part(pane, "more"), next !== null);
  for (const row of page.rows) list.append(await rowOf(row));
  visible(part(pane, "empty"), list.children.length === 0);
  visible(part(pane, "sheet"), view === "sheet" && list.children.length > 0);
}

/**
 * Ask quietly what changed: rows say how they stand, in their places; what is new is only counted.  A list never moves
 * under the reader's hand, and no cover is fetched, so nothing stands in the log that nobody did.
 */
export async function look(): Promise<void> {
  const mine = ++turn;
  const shown = rows();
  const ids = shown.map((link) => link.dataset.case ?? "");
  try {
    const seen = await post<Glance>("queue/glance", { view, narrow: narrow.now(), limit: Math.max(PAGE, shown.length), shown: ids });
    if (mine !== turn) return;
    showCounts(seen.counts);
    say(part(pane, "changed"), "");
    for (const link of shown) settle(link, seen);
    const count = seen.first.filter((id) => !ids.includes(id)).length;
    if (ids.length === 0 && count > 0) await refresh(); // there is nothing that could move
    else fresh(count);
  } catch {
    if (mine === turn) say(part(pane, "changed"), t("page.offline"));
  }
}

/** A row as it stands now; it stays where it is, also when it left the list. */
function settle(link: HTMLAnchorElement, seen: Glance): void {
  const id = link.dataset.case ?? "";
  const now = seen.lines.find((one) => one.id === id);
  if (now !== undefined) fillLine(link, now);
  const gone = now?.here !== true;
  const mark = part(link, "gone");
  link.classList.toggle("gone", gone);
  visible(mark, gone);
  say(mark, gone ? t("queue.gone") : "");
}

/** Say how many there are that are not shown; a screen reader hears it when the officer is done with what it reads. */
function fresh(count: number): void {
  const text = part(pane, "fresh-text");
  const words = count === 0 ? "" : t("queue.fresh", { count });
  visible(part(pane, "fresh"), count > 0);
  if (text.textContent !== words) say(text, words);
}

/** The list anew, from its beginning; whoever asked with the keyboard goes on from there. */
async function showFresh(): Promise<void> {
  await refresh();
  (rowAt(0) ?? byId("queue-title")).focus();
}

function viewButton(id: string): HTMLElement {
  const item = copyOf("piece-view");
  const button = item.querySelector("button") as HTMLButtonElement;
  button.dataset.view = id;
  say(part(button, "name"), t(`queue.view.${id}`));
  button.addEventListener("click", () => {
    view = narrow.standing(id);
    void refresh();
  });
  return item;
}

function showCounts(counts: Readonly<Record<string, number>>): void {
  for (const button of part(pane, "views").querySelectorAll<HTMLButtonElement>("button")) {
    const id = button.dataset.view ?? "";
    button.setAttribute("aria-pressed", String(id === view && !narrow.isOwn()));
    const count = counts[id] ?? 0;
    const most = id === "overdue" && count >= COUNTED_TO;
    say(part(button, "count"), most ? t("queue.more-than", { count: COUNTED_TO - 1 }) : String(count));
  }
}

async function rowOf(row: QueueRow): Promise<HTMLElement> {
  const item = copyOf("piece-row");
  const link = item.querySelector("a") as HTMLAnchorElement;
  link.href = `#/${row.id}`;
  link.dataset.case = row.id;
  const opened = await coverOf(row);
  fillHead(link, opened);
  link.dataset.age = names.age(opened.cover?.age ?? "");
  fillLine(link, row);
  return item;
}

/** Why it is urgent, in the words of the rules; without a reason, what it is about. */
function fillHead(link: HTMLElement, opened: Opened): void {
  const head = part(link, "reasons");
  if (opened.cover === null) {
    head.classList.add("quiet");
    say(head, t(opened.why === "not-ours" ? "queue.sealed" : "queue.damaged"));
    return;
  }
  const reasons = opened.cover.reasons.slice(0, REASONS_SHOWN).map(names.reason);
  const about = opened.cover.concern === "" ? t("queue.no-reason") : names.answer("concern", opened.cover.concern);
  for (const one of reasons.length > 0 ? reasons : [about]) head.append(shown(one));
}

function fillLine(link: HTMLElement, row: CaseLine): void {
  part(link, "urgency").replaceChildren(names.urgencyMark(row.urgency));
  const again = row.stirred || (row.waiting && row.status === "opened" && row.holder !== null); // only words of the child lead here
  const wish = row.wish === "none" ? "" : ` · ${t(`queue.${row.wish}`)}`;
  const off = row.until === null ? "" : ` · ${t(row.quiet ? "queue.quiet" : "queue.until", { day: momentName(row.until) })}`;
  say(part(link, "status"), names.status(row) + off + wish + (again ? ` · ${t("queue.wrote")}` : ""));
  link.classList.toggle("waiting", again);
  link.classList.toggle("stopped", row.wish !== "none");
  const when = part(link, "when");
  say(when, ago(row.hour, clock()));
  when.title = aboutHour(row.hour, clock());
  fillClock(link, row);
  const holder = row.holder === null ? t("queue.nobody")
    : row.holder === me ? t("queue.mine")
    : row.since === null ? t("queue.held", { name: names.colleague(row.holder) })
    : t("queue.held-since", { name: names.colleague(row.holder), time: timeName(row.since, clock()) });
  const facts = row.feedback ? [names.languageName(row.language)]
    : [link.dataset.age ?? "", names.place(row.region), names.languageName(row.language), holder];
  part(link, "line").replaceChildren(...facts.map(shown));
}

/** How long the limit of this urgency leaves; hours are whole, so nothing shows as late before it is. */
function fillClock(link: HTMLElement, row: CaseLine): void {
  const limit = TO_DO.includes(row.status) && !row.feedback ? own(within, row.urgency) : undefined;
  const left = limit === undefined ? 0 : row.hour + HOUR_S + limit - clock();
  const mark = part(link, "clock");
  visible(mark, limit !== undefined);
  link.classList.toggle("late", limit !== undefined && left <= 0);
  if (limit !== undefined) say(mark, t(left <= 0 ? "queue.late" : "queue.left", { time: lasting(Math.abs(left)) }));
}

function shown(text: string): HTMLElement {
  const span = document.createElement("span");
  show(span, text);
  return span;
}

/** A case changed under this officer's hand: its row says so, and stays where it is until the list is refreshed. */
export function update(line: CaseLine): void {
  const link = rows().find((one) => one.dataset.case === line.id);
  if (link !== undefined) fillLine(link, line);
  void look();
}

/** Mark the row of the opened case. */
export function mark(id: string): void {
  for (const link of rows()) {
    if (link.dataset.case === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Move the focus by `step` rows from where it is. */
export function move(step: number): void {
  const all = rows();
  const here = all.findIndex((link) => link === document.activeElement || link.getAttribute("aria-current") === "true");
  const focused = all.findIndex((link) => link === document.activeElement);
  const to = all[Math.min(all.length - 1, Math.max(0, (focused >= 0 ? focused : here) + step))];
  to?.focus();
}

export function focusRow(id: string): void {
  (rows().find((link) => link.dataset.case === id) ?? byId("queue-title")).focus();
}

const rows = (): HTMLAnchorElement[] => [...list.querySelectorAll<HTMLAnchorElement>("a.row")];
const rowAt = (index: number): HTMLAnchorElement | undefined => rows()[index];
