// Passing the case on: to whom, with whose consent, and what became of it.  New readers are taken from the signed roster
// alone; whoever is to be kept away is not among those to choose from (S40).

import { byId, copyOf, part, say, show, visible } from "../dom.ts";
import { hex, random } from "../sealing/bytes.ts";
import { sealed, refused, type Held } from "./held.ts";
import { awayOfficers, awayTeams, mayRead, personNamed } from "./kept_away.ts";
import * as names from "./names.ts";
import { newKey, post } from "./net.ts";
import { tell, warn } from "./notice.ts";
import { rosterNow } from "./opening.ts";
import type { CaseLine } from "./shapes.ts";
import { dayName, t } from "./words.ts";

interface Referral {
  referral: string;
  way: "referral" | "transfer" | "complaint";
  from: string;
  to: string;
  progress: "in_progress" | "accepted" | "rejected" | "done" | "revoked";
  consent: "given" | "danger";
  officer: string;
  day: number;
}

const card = byId("pass-card");
const form = part<HTMLFormElement>(card, "pass");
const to = byId<HTMLSelectElement>("pass-to");
const why = byId<HTMLTextAreaElement>("pass-why");
const button = form.querySelector("button[type=submit]") as HTMLButtonElement;

let held: Held | null = null;
let referrals: readonly Referral[] = [];

/** Wire the form once. */
export function prepare(): void {
  to.addEventListener("change", offerPeople);
  form.addEventListener("change", (event) => {
    if ((event.target as HTMLInputElement).name === "pass-way") offerAway();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
}

/** Show where the case was passed to, and the form; `fresh`: another case was opened. */
export function showSharing(now: Held, fresh: boolean): void {
  if (fresh) clearSharing();
  held = now;
  visible(card, !now.found.feedback);
  offer();
  showReferrals();
  void look(now);
}

/** Nothing that was chosen or written stays. */
export function clearSharing(): void {
  held = null;
  referrals = [];
  form.reset();
  why.value = "";
  part<HTMLDetailsElement>(card, "more").open = false;
  say(part(form, "error"), "");
  for (const name of ["people", "away-people"]) part(form, name).replaceChildren();
  part(card, "referrals").replaceChildren();
}

async function look(now: Held): Promise<void> {
  try {
    const found = await post<{ referrals: Referral[] }>(`case/${now.found.id}/referral/list`, {});
    if (held?.found !== now.found) return;
    referrals = found.referrals;
    showReferrals();
  } catch {
    return; // the list of the case said it already
  }
}

/** Every team that is not at work on it; one the reporter wants to keep it from cannot be chosen. */
function offer(): void {
  const roster = rosterNow();
  if (held === null || roster === null) return;
  const { found, contents } = held;
  const mine = found.teams.find((id) => held?.session.officer.teams.some((team) => team.id === id)) ?? "";
  const home = new Set(countries(mine));
  const away = awayTeams(roster, contents);
  const chosen = to.value;
  const others = roster.teams.filter((team) => !found.teams.includes(team.id));
  to.replaceChildren(new Option(t("pass.choose"), ""), ...others.map((team) => {
    const abroad = !countries(team.id).some((code) => home.has(code));
    const option = new Option(away.has(team.id) ? t("pass.kept-away", { name: team.name }) : abroad ? t("pass.abroad", { name: team.name }) : team.name, team.id);
    option.disabled = away.has(team.id);
    return option;
  }));
  if (others.some((team) => team.id === chosen)) to.value = chosen;
  visible(part(form, "person"), personNamed(contents));
  const barred = found.holder !== held.me ? t("reply.claim-first") : found.wish === "stop" ? t("refused.taken_back") : "";
  say(part(form, "barred"), barred);
  button.disabled = barred !== "";
  offerPeople();
  offerAway();
}

const countries = (team: string): string[] => (rosterNow()?.teams.find((one) => one.id === team)?.places ?? []).map((place) => place.slice(0, 2));

/** Who of the team will read: all who may, unless the reporter named a person; then somebody has to think first. */
function offerPeople(): void {
  const roster = rosterNow();
  const group = part(form, "people");
  if (held === null || roster === null || to.value === "") {
    group.replaceChildren();
    return;
  }
  const careful = personNamed(held.contents);
  const may = mayRead(roster, held.contents, to.value, held.now()).map(([id]) => id);
  const away = awayOfficers(roster, held.contents);
  const all = roster.teams.find((team) => team.id === to.value)?.officers ?? [];
  group.replaceChildren(...all.map((id) => check("pass-reader", id, away.has(id) ? t("pass.kept-away", { name: names.colleague(id) }) : names.colleague(id), {
    checked: may.includes(id) && !careful, disabled: !may.includes(id),
  })));
}

/** A complaint names somebody here; that person loses the case at once. */
function offerAway(): void {
  const roster = rosterNow();
  const complaint = picked("pass-way") === "complaint";
  visible(part(form, "away"), complaint);
  if (held === null || roster === null || !complaint) return;
  const near = new Set([...held.found.teams, to.value].flatMap((id) => roster.teams.find((team) => team.id === id)?.officers ?? []));
  part(form, "away-people").replaceChildren(...[...near].map((id) => check("pass-away", id, names.colleague(id), { checked: false, disabled: false })));
}

function check(name: string, value: string, label: string, is: { checked: boolean; disabled: boolean }): HTMLElement {
  const row = document.createElement("label");
  const box = document.createElement("input");
  const words = document.createElement("span");
  row.className = "check";
  Object.assign(box, { type: "checkbox", name, value, ...is });
  show(words, label);
  row.append(box, words);
  return row;
}

const picked = (name: string): string => form.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";

const ticked = (name: string): string[] => [...form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]:checked`)].map((box) => box.value);

function trouble(): string {
  if (picked("pass-way") === "") return t("pass.no-way");
  if (to.value === "") return t("pass.no-team");
  if (picked("pass-consent") === "") return t("refused.no_consent");
  if (picked("pass-way") === "complaint" && ticked("pass-away").length === 0 && why.value.trim() === "") return t("pass.about");
  const away = new Set(ticked("pass-away"));
  return ticked("pass-reader").some((id) => !away.has(id)) ? "" : t("pass.no-reader");
}

async function go(): Promise<void> {
  const now = held;
  const roster = rosterNow();
  const wrong = roster === null ? t("alarm.roster") : trouble();
  say(part(form, "error"), wrong);
  if (wrong !== "" || now === null || roster === null) return;
  button.disabled = true;
  try {
    const way = picked("pass-way");
    const away = way === "complaint" ? ticked("pass-away") : [];
    const wanted = new Set(ticked("pass-reader").filter((id) => !away.includes(id)));
    const readers = mayRead(roster, now.contents, to.value, now.now()).filter(([id]) => wanted.has(id));
    const wrapped = await now.contents.wrap(roster, readers.map(([, key]) => key));
    if (!wrapped.clean) {
      warn(t("alarm.extra-slot"));
      return;
    }
    const consent = picked("pass-consent");
    const from = now.found.teams.find((id) => now.session.officer.teams.some((team) => team.id === id)) ?? "";
    const reason = { way, to: to.value, consent, readers: readers.map(([id]) => id), away, why: why.value.trim() };
    const note = await sealed(now, "referral", JSON.stringify(reason));
    const line = await post<CaseLine>(`case/${now.found.id}/referral/add`, {
      id: hex(random(16)), way, from, to: to.value, consent, slots: wrapped.slots, listed: wrapped.listed, away,
      version: now.found.version, ...note.body,
    }, newKey());
    form.reset();
    why.value = "";
    part<HTMLDetailsElement>(card, "more").open = false;
    await after(now, line, away.includes(now.me));
    tell(t("pass.done"));
  } catch (error) {
    await refused(now, error);
  } finally {
    button.disabled = false;
  }
}

/** Open the case anew, or leave it where this officer reads it no more. */
async function after(now: Held, line: CaseLine, gone: boolean): Promise<void> {
  if (gone || !line.teams.some((id) => now.session.officer.teams.some((team) => team.id === id))) {
    location.hash = "";
    return;
  }
  await now.reopen();
}

function showReferrals(): void {
  part(card, "referrals").replaceChildren(...referrals.map(entryOf));
}

function entryOf(one: Referral): HTMLElement {
  const entry = copyOf("piece-referral");
  show(part(entry, "what"), t(`pass.way.${one.way}`));
  show(part(entry, "to"), names.team(one.to));
  say(part(entry, "progress"), t(`pass.progress.${one.progress}`));
  say(part(entry, "consent"), t(`pass.consent.${one.consent}`));
  show(part(entry, "by"), t("pass.by", { name: names.colleague(one.officer), day: dayName(one.day) }));
  show(part(entry, "why"), reasonOf(one));
  const row = part(entry, "steps");
  row.replaceChildren(...stepsOf(one).map((step) => {
    const press = document.createElement("button");
    press.type = "button";
    press.dataset.step = step;
    say(press, t(`pass.step.${step}`));
    press.addEventListener("click", () => void goOn(one, step));
    return press;
  }));
  return entry;
}

/** What was written to the other team when it was passed. */
function reasonOf(one: Referral): string {
  const said = held?.contents.notes.filter((note) => note.what === "referral").map((note) => {
    try {
      return JSON.parse(note.text) as Record<string, unknown>;
    } catch {
      return {};
    }
  }).filter((note) => note.to === one.to && note.way === one.way).at(-1);
  return typeof said?.why === "string" ? said.why : "";
}

function stepsOf(one: Referral): string[] {
  const mine = (team: string): boolean => held?.session.officer.teams.some(({ id }) => id === team) === true;
  if (one.progress === "in_progress") return [...(mine(one.to) ? ["accept", "reject"] : []), ...(mine(one.from) ? ["revoke"] : [])];
  if (one.progress !== "accepted" || one.way !== "referral") return [];
  return [...(mine(one.to) ? ["done"] : []), ...(mine(one.from) ? ["revoke"] : [])];
}

async function goOn(one: Referral, step: string): Promise<void> {
  const now = held;
  if (now === null) return;
  try {
    const body = { id: one.referral, step, version: now.found.version };
    const line = await post<CaseLine>(`case/${now.found.id}/referral/step`, body, newKey());
    await after(now, line, false);
    tell(t(`pass.progress.${progressAfter(step)}`));
  } catch (error) {
    await refused(now, error);
  }
}

const progressAfter = (step: string): string =>
  step === "accept" ? "accepted" : step === "reject" ? "rejected" : step === "revoke" ? "revoked" : "done";
