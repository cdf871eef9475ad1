// The console's page: whoever signed in sees the queue; a locked vault takes everything opened off the page.

import { byId, part, say, visible } from "../dom.ts";
import * as admissions from "../console/admissions.ts";
import * as casePane from "../console/case.ts";
import * as inbox from "../console/inbox.ts";
import * as keyboard from "../console/keyboard.ts";
import { learnNames } from "../console/names.ts";
import * as company from "../console/company.ts";
import * as narrow from "../console/narrow.ts";
import * as live from "../console/live.ts";
import { get, listen, post, setBase, setToken } from "../console/net.ts";
import { tell, warn, wordsFor } from "../console/notice.ts";
import * as renewal from "../console/renewal.ts";
import * as queue from "../console/queue.ts";
import { learnBeginnings } from "../console/prepared.ts";
import { focusReply, offerPrepared } from "../console/reply.ts";
import { forgetAll, trust } from "../console/opening.ts";
import type { Session } from "../console/shapes.ts";
import * as sheet from "../console/sheet.ts";
import * as signIn from "../console/sign_in.ts";
import * as vault from "../console/vault.ts";
import { focusNote, toggleVeil } from "../console/work.ts";
import { language, learn, t } from "../console/words.ts";

const STAY_AWAKE_MS = 20_000;
/** Signed out so soon after signing in: the browser did not keep the cookie. */
const JUST_NOW_MS = 5_000;
const me = byId("me");

let session: Session | null = null;
let serverAhead = 0;
let awakeAt = 0;
let lastTouch = 0;
let enteredAt = 0;

const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
const now = (): number => Math.floor(Date.now() / 1000) + serverAhead;

async function main(): Promise<void> {
  setBase(meta("base"));
  const words = await get<{ texts: Record<string, string>; beginnings: Record<string, Record<string, string>> }>(`words/${language()}`);
  learn(words.texts);
  learnBeginnings(words.beginnings);
  if (globalThis.crypto?.subtle === undefined || typeof WebAssembly === "undefined") {
    warn(t("page.too-old"));
    return;
  }
  signIn.prepare({ vault: meta("worker"), passkeys: meta("login") === "passkey", whenIn: (found) => void enter(found) });
  queue.prepare();
  casePane.prepare(queue.update);
  sheet.prepare(byId("queue"));
  prepareBar();
  await resume();
}

/** Whoever has a session needs the pass phrase only; everybody else signs in. */
async function resume(): Promise<void> {
  const { token } = await get<{ token: string }>("me", true);
  setToken(token);
  signIn.ask(token === "" ? "enter" : "unlock");
}

async function enter(found: Session): Promise<void> {
  session = found;
  enteredAt = Date.now();
  serverAhead = found.now - Math.floor(Date.now() / 1000);
  learnNames(found.names, found.teams);
  await believe(found);
  queue.begin(found.officer.id, now);
  casePane.begin(found, now);
  sheet.begin(found);
  say(part(me, "name"), found.officer.name);
  say(part(me, "teams"), found.officer.teams.map((team) => team.name).join(" · "));
  visible(part(me, "figures"), found.officer.roles.some((role) => ["supervisor", "administrator", "analyst"].includes(role)));
  visible(part(me, "audit"), found.officer.roles.some((role) => role === "supervisor" || role === "auditor"));
  visible(part(me, "wording"), found.officer.roles.some((role) => ["translator", "reviewer", "administrator"].includes(role)));
  visible(part(me, "people"), found.officer.roles.includes("administrator"));
  visible(part(me, "room"), found.officer.roles.includes("administrator"));
  visible(part(me, "content"), found.officer.roles.some((role) => role === "reviewer" || role === "administrator"));
  visible(me, true);
  visible(byId("desk"), true);
  touch();
  tick();
  if (found.bundle === null) {
    warn(t("queue.no-key"));
    return;
  }
  narrow.begin(found);
  await queue.refresh();
  void renewal.finish(found, now);
  inbox.begin();
  live.begin({ lists: () => { void queue.look(); void inbox.look(); }, caseAt: casePane.heardOf, company: company.here });
  admissions.begin(found, now);
  byId("queue-title").focus();
  await route();
}

/** A roster that the root did not sign stops nothing from being read, and everything from being sealed. */
async function believe(found: Session): Promise<void> {
  try {
    await trust(found, now);
  } catch {
    warn(t("alarm.roster"));
  }
}

/** The address names the open case, so that the browser's own back button works. */
async function route(): Promise<void> {
  if (session === null) return;
  const id = /^#\/([0-9a-f]{32})$/.exec(location.hash)?.[1];
  if (id === undefined) {
    const before = casePane.openId();
    casePane.forget();
    casePane.showPane(false);
    queue.mark("");
    if (before !== null) void inbox.look();
    if (before !== null) queue.focusRow(before);
    return;
  }
  casePane.showPane(true);
  queue.mark(id);
  if (!(await casePane.openById(id))) casePane.showPane(false);
}

function goBack(): void {
  location.hash = "";
}

/** The key is gone: so is everything that was opened with it. */
function locked(why = ""): void {
  shut("unlock");
  if (why === "pace") warn(t("lock.pace"));
}

function shut(next: "enter" | "unlock"): void {
  if (session === null) return;
  session = null;
  vault.stop();
  live.forget();
  company.forget();
  casePane.forget();
  queue.forget();
  narrow.forget();
  inbox.forget();
  admissions.forget();
  sheet.forget();
  visible(byId("desk"), false);
  visible(me, false);
  signIn.ask(next);
}

function lock(): void {
  vault.stop();
  void post("lock", {}).catch(() => undefined);
  locked();
}

async function leave(): Promise<void> {
  vault.stop();
  await post("sign-out", {}).catch(() => undefined);
  session = null;
  forgetAll();
  location.replace(location.pathname + location.search);
}

function prepareBar(): void {
  part(me, "shut").addEventListener("click", lock);
  part(me, "out").addEventListener("click", () => void leave());
  part(byId("case"), "back").addEventListener("click", goBack);
  window.addEventListener("hashchange", () => void route());
  listen((why) => {
    const atOnce = Date.now() - enteredAt < JUST_NOW_MS;
    shut(why === "locked" ? "unlock" : "enter");
    if (why === "signed_out") warn(t(atOnce ? "in.cookie" : "in.over"));
  });
  vault.listen(locked, (count, most) => say(part(me, "used"), t("lock.opened", { count, most })), () => tell(t("lock.slow")));
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, (event) => { if (event.isTrusted) touch(); }, true);
  window.setInterval(tick, 5_000);
  keyboard.prepare({
    j: () => queue.move(1), ArrowDown: () => queue.move(1), k: () => queue.move(-1), ArrowUp: () => queue.move(-1),
    u: goBack, Escape: goBack, c: () => casePane.pressIfOffered("claim"), r: focusReply,
    n: focusNote, b: toggleVeil, "/": offerPrepared,
    g: () => void queue.refresh(), "?": keyboard.openMap,
  });
}

/** Somebody is here: the clock of the vault starts anew. */
function touch(): void {
  awakeAt = Date.now();
  if (!vault.isOpen() || awakeAt - lastTouch < STAY_AWAKE_MS) return;
  lastTouch = awakeAt;
  void vault.ask("awake").catch(() => undefined);
}

function tick(): void {
  if (session === null || !vault.isOpen()) return;
  const left = session.idle * 1000 - (Date.now() - awakeAt);
  say(part(me, "lock"), t("lock.in", { minutes: Math.max(1, Math.ceil(left / 60_000)) }));
}

void main().catch((error: unknown) => warn(wordsFor(error)));
