// The plan, in the child's own words: goals, who, when; services asked for, given or not to be had here; guardian, justice.
// The goals go to the child as an answer, in the child's language, seen and warned of before it is sent.

import { byId, copyOf, part, say, show, visible } from "../dom.ts";
import { fill, number, read, text, type Values } from "./fields.ts";
import { keep, type Held } from "./held.ts";
import { newest } from "./noting.ts";
import { tell } from "./notice.ts";
import { sentence } from "./prepared.ts";
import { addLine } from "./reply.ts";
import { t } from "./words.ts";

export const SERVICES = ["shelter", "health", "psychologist", "social", "legal", "school", "tracing", "cash", "return"] as const;
const GOALS = [1, 2, 3, 4] as const;
const HOUR_S = 3600;
/** A child without a guardian waits no longer than this before somebody is reminded. */
const GUARDIAN_H = 24;
const UNFINISHED = new Set(["needed", "asked"]);

const card = byId("plan-card");
const form = part<HTMLFormElement>(card, "form");

let held: Held | null = null;

/** Wire the form once. */
export function prepare(): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
  part(card, "tell").addEventListener("click", tellChild);
}

/** Show the plan; `fresh`: another case was opened. */
export function showPlan(now: Held, fresh: boolean): void {
  if (fresh) clearPlan();
  held = now;
  const plan = newest(now.contents, "plan");
  visible(card, !now.found.feedback);
  part(card, "shown").replaceChildren(...(plan === null ? [nothing()] : pieces(plan)));
  visible(part(card, "tell"), plan !== null && goals(plan).length > 0);
  remind(now, plan);
  if (fresh) fill(form, plan ?? {});
}

/** Nothing of it stays. */
export function clearPlan(): void {
  held = null;
  form.reset();
  part<HTMLDetailsElement>(card, "edit").open = false;
  part(card, "shown").replaceChildren();
  say(part(form, "error"), "");
}

/** Each goal as the child agreed to it: what, who, when. */
export function goals(plan: Values): string[] {
  return GOALS.map((n) => ["goal", "by", "when"].map((name) => text(plan, `${name}-${n}`)).filter((one) => one !== ""))
    .filter((one) => one.length > 0).map((one) => one.join(" — "));
}

function nothing(): HTMLElement {
  const none = document.createElement("p");
  none.className = "quiet";
  say(none, t("plan.none"));
  return none;
}

function pieces(plan: Values): HTMLElement[] {
  const made: HTMLElement[] = [];
  if (text(plan, "words") !== "") {
    const words = document.createElement("blockquote");
    words.className = "told";
    show(words, text(plan, "words"));
    made.push(words);
  }
  const steps = document.createElement("ol");
  steps.className = "goals";
  steps.append(...goals(plan).map((goal) => {
    const entry = document.createElement("li");
    show(entry, goal);
    return entry;
  }));
  const facts = document.createElement("dl");
  facts.className = "facts";
  const services = SERVICES.map((kind) => [`plan.service.${kind}`, text(plan, `service-${kind}`), "state"] as const);
  const others = ["guardian", "justice", "compensation"].map((name) => [`plan.${name}`, text(plan, name), name] as const);
  facts.append(...[...services, ...others].filter(([, state]) => state !== "").map(([name, state, of]) => {
    const row = copyOf("piece-fact");
    say(part(row, "name"), t(name));
    say(part(row, "value"), t(`plan.${of}.${state}`));
    return row;
  }));
  if (steps.children.length > 0) made.push(steps);
  if (facts.children.length > 0) made.push(facts);
  return made;
}

/** At the top of the case: a guardian is still missing a day after somebody said so. */
function remind(now: Held, plan: Values | null): void {
  const line = part(byId("story-card"), "reminder");
  const hours = Math.floor(now.now() / HOUR_S) - number(plan, "guardian-since");
  const late = UNFINISHED.has(text(plan, "guardian")) && hours >= GUARDIAN_H;
  say(line, late ? t("plan.guardian-late", { hours }) : "");
  visible(line, late);
}

async function go(): Promise<void> {
  const now = held;
  if (now === null) return;
  const values = read(form);
  const before = newest(now.contents, "plan");
  const hour = Math.floor(now.now() / HOUR_S);
  const open = UNFINISHED.has(text(values, "guardian"));
  if (open) values["guardian-since"] = UNFINISHED.has(text(before, "guardian")) ? number(before, "guardian-since") : hour;
  const button = form.querySelector("button[type=submit]") as HTMLButtonElement;
  button.disabled = true;
  const remindAt = open ? number(values, "guardian-since") + GUARDIAN_H : 0;
  if (await keep(now, "plan", JSON.stringify(values), { remind: remindAt })) {
    part<HTMLDetailsElement>(card, "edit").open = false;
    tell(t("plan.kept"));
  }
  button.disabled = false;
}

/** Put the goals into the box for answers, in the child's language; sending them is another act. */
function tellChild(): void {
  const plan = held === null ? null : newest(held.contents, "plan");
  if (held === null || plan === null) return;
  if (byId<HTMLTextAreaElement>("answer").readOnly) {
    tell(t("prepared.first"));
    return;
  }
  addLine([sentence("plan", held.found.language), ...goals(plan).map((goal, n) => `${n + 1}. ${goal}`), sentence("plan-change", held.found.language)].join("\n"));
}
