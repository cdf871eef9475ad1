// Older cases for a colleague who joined: one officer asks, a second one's browser seals them (S14, S39).
// Whom a reporter wanted a case kept from is read in the opened case, and nothing is sealed to them (S40).

import { byId, part, say, show, visible } from "../dom.ts";
import { hex } from "../sealing/bytes.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { mayRead, personNamed } from "./kept_away.ts";
import * as names from "./names.ts";
import { get, post, Refused } from "./net.ts";
import { openCase, refreshRoster, rosterNow } from "./opening.ts";
import type { OpenCase, Session } from "./shapes.ts";
import { t } from "./words.ts";

interface Whom {
  officer: string;
  team: string;
}

interface Asked extends Whom {
  by: string;
}

const pane = byId("admissions");

let session: Session | null = null;
let clock = (): number => 0;

export function begin(found: Session, now: () => number): void {
  session = found;
  clock = now;
  void look();
}

/** Nothing stays. */
export function forget(): void {
  session = null;
  for (const list of ["asked", "others"]) part(pane, list).replaceChildren();
  say(part(pane, "told"), "");
  visible(pane, false);
}

async function look(): Promise<void> {
  let found: { asked: Asked[]; colleagues: Whom[] };
  try {
    found = await get<{ asked: Asked[]; colleagues: Whom[] }>("admissions", true);
  } catch {
    return; // the queue says that there is no connection
  }
  part(pane, "asked").replaceChildren(...(await Promise.all(found.asked.map(askedRow))));
  part(pane, "others").replaceChildren(...found.colleagues.map(colleagueRow));
  visible(pane, found.asked.length + found.colleagues.length > 0);
}

function colleagueRow(whom: Whom): HTMLElement {
  const words = t("admit.ask", { name: names.colleague(whom.officer), team: names.team(whom.team) });
  return row([], button(words, "ask", whom, () => ask(whom)));
}

async function askedRow(one: Asked): Promise<HTMLElement> {
  const name = names.colleague(one.officer);
  const what = document.createElement("p");
  show(what, t("admit.row", { name, team: names.team(one.team), by: names.colleague(one.by) }));
  if (one.by === session?.officer.id || one.officer === session?.officer.id) return row([what]);
  const signs = document.createElement("p");
  show(signs, `${t("admit.signs")} ${await signsOf(one.officer)}`);
  return row([what, signs], button(t("admit.do", { name }), "do", one, () => give(one)));
}

/** Of the keys that the signed roster names: what the colleague saw when the key was made. */
async function signsOf(id: string): Promise<string> {
  const officer = rosterNow()?.officers.find((one) => one.id === id);
  const first = officer?.keys.reduce((oldest, key) => (key.starts < oldest.starts ? key : oldest));
  return officer && first ? fingerprintOf(id, officer.signing, first.public) : "–";
}

function row(lines: HTMLElement[], press?: HTMLElement): HTMLElement {
  const entry = document.createElement("li");
  entry.append(...lines);
  if (press) entry.append(press);
  return entry;
}

function button(words: string, what: string, whom: Whom, work: () => Promise<void>): HTMLElement {
  const press = document.createElement("button");
  press.type = "button";
  press.dataset.admit = what;
  press.dataset.officer = whom.officer;
  press.dataset.team = whom.team;
  show(press, words);
  press.addEventListener("click", () => {
    press.disabled = true;
    void work().finally(() => {
      press.disabled = false;
    });
  });
  return press;
}

async function ask({ officer, team }: Whom): Promise<void> {
  try {
    await post("admissions/ask", { officer, team });
    say(part(pane, "told"), t("admit.asked"));
    await look();
  } catch {
    say(part(pane, "told"), t("admit.failed"));
  }
}

async function give({ officer, team }: Whom): Promise<void> {
  const left = new Set<string>();
  let count = 0;
  try {
    await refreshRoster();
    for (;;) {
      const { cases } = await post<{ cases: string[] }>("admissions/waiting", { officer, team });
      const next = cases.filter((id) => !left.has(id));
      if (next.length === 0) break;
      for (const id of next) {
        if (await giveOne(id, officer, team)) count += 1;
        else left.add(id);
        say(part(pane, "told"), t("admit.working", { count: String(count) }));
      }
    }
    await post("admissions/done", { officer, team });
    say(part(pane, "told"), t("admit.done", { count: String(count), left: String(left.size) }));
    await look();
  } catch {
    say(part(pane, "told"), t("admit.failed"));
  }
}

/** False: the case stays as it is, because the reporter kept it from the colleague, or because something in it does not fit. */
async function giveOne(id: string, officer: string, team: string): Promise<boolean> {
  const mine = session;
  const roster = rosterNow();
  if (mine === null || roster === null) throw new Error("no roster");
  const found = await post<OpenCase>(`case/${id}/admission/read`, { officer, team });
  const contents = await openCase(found, mine);
  const reader = mayRead(roster, contents, team, clock()).find(([one]) => one === officer);
  if (reader === undefined || personNamed(contents) || contents.alarms.length > 0) return false;
  const wrapped = await contents.wrap(roster, [reader[1]]);
  const slot = wrapped.slots[hex(reader[1].id)];
  if (!wrapped.clean || slot === undefined) return false;
  try {
    await post(`case/${id}/admission/give`, { officer, team, slot, listed: wrapped.listed, roster: roster.version });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 409) throw error;
    return false;
  }
  return true;
}
