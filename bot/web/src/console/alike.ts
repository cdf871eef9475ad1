// The same matter in other cases, and links between cases: suggested by keyed tokens, decided by an officer.

import { byId, part, say, show, visible } from "../dom.ts";
import { base64 } from "../sealing/bytes.ts";
import { text } from "./fields.ts";
import { keep, refused, type Held } from "./held.ts";
import { matchKey } from "./match_key.ts";
import { post } from "./net.ts";
import { newest } from "./noting.ts";
import { tell } from "./notice.ts";
import { rosterNow } from "./opening.ts";
import type { CaseLine } from "./shapes.ts";
import { markOf, phonesIn, tokenOf, type Kind, type Mark } from "./tokens.ts";
import { t } from "./words.ts";

interface Alike {
  seen: (CaseLine & { tokens: string[] })[];
  unseen: number;
}

const card = byId("alike-card");
const button = part<HTMLButtonElement>(card, "look");
const MOST = 64;
const FIELDS: readonly (readonly [Kind, string])[] = [["phone", "phones"], ["vehicle", "vehicles"], ["name", "names"]];

let held: Held | null = null;

/** Wire the card once. */
export function prepare(): void {
  button.addEventListener("click", () => void look());
}

/** Show the links; `fresh`: another case was opened. */
export function showAlike(now: Held, fresh: boolean): void {
  if (fresh) clearAlike();
  held = now;
  visible(card, !now.found.feedback);
  part(card, "links").replaceChildren(...linksOf(now).map(([id, handle]) => linkTo(id, handle)));
}

/** Nothing that was found stays. */
export function clearAlike(): void {
  held = null;
  say(part(card, "found"), "");
  for (const name of ["links", "seen"]) part(card, name).replaceChildren();
}

function linksOf(now: Held): [string, string][] {
  const said = now.contents.notes.filter((note) => note.what === "link").map((note) => note.text.split(" ") as [string, string]);
  return [...new Map(said.filter(([id]) => /^[0-9a-f]{32}$/.test(id))).entries()];
}

function linkTo(id: string, handle: string): HTMLElement {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#/${id}`;
  show(link, t("case.title", { handle }));
  entry.append(link);
  return entry;
}

/** What an officer wrote down for this, and telephone numbers in the reporter's words. */
export function marksOf(now: Held): Mark[] {
  const story = newest(now.contents, "story");
  const written = FIELDS.flatMap(([kind, field]) => text(story, field).split(/[,،;\n]/).map((told) => markOf(kind, told)));
  const reporter = [...now.contents.words, ...now.contents.talk.filter((told) => told.officer === null)];
  const told = reporter.flatMap((one) => phonesIn(one.text)).map((number) => markOf("phone", number));
  const found = [...written, ...told].filter((mark): mark is Mark => mark !== null);
  return [...new Map(found.map((mark) => [`${mark.kind}\n${mark.form}`, mark])).values()].slice(0, MOST);
}

async function look(): Promise<void> {
  const now = held;
  const roster = rosterNow();
  if (now === null || roster === null) return;
  button.disabled = true;
  try {
    const key = await matchKey(now, roster);
    if (key === "missing" || key === "forged") {
      say(part(card, "found"), t(key === "missing" ? "same.no-key" : "same.forged"));
      return;
    }
    const marks = marksOf(now);
    const tokens = await Promise.all(marks.map(async (mark) => [base64(await tokenOf(key, mark)), mark] as const));
    const found = await post<Alike>(`case/${now.found.id}/match/look`, { tokens: tokens.map(([token]) => token) });
    if (held?.found === now.found) showFound(now, found, new Map(tokens), marks.length);
  } catch (error) {
    await refused(now, error);
  } finally {
    button.disabled = false;
  }
}

function showFound(now: Held, found: Alike, told: ReadonlyMap<string, Mark>, looked: number): void {
  const linked = new Set(linksOf(now).map(([id]) => id));
  const none = looked === 0 ? t("same.nothing") : t("same.found", { count: found.seen.length });
  say(part(card, "found"), found.unseen === 0 ? none : `${none} ${t("same.unseen", { count: found.unseen })}`);
  part(card, "seen").replaceChildren(...found.seen.map((one) => {
    const entry = linkTo(one.id, one.handle);
    const why = document.createElement("span");
    why.className = "told";
    show(why, one.tokens.map((token) => told.get(token)?.told ?? "").join(" · "));
    entry.append(" ", why);
    if (!linked.has(one.id)) entry.append(" ", linkButton(now, one));
    return entry;
  }));
}

function linkButton(now: Held, one: CaseLine): HTMLElement {
  const press = document.createElement("button");
  press.type = "button";
  say(press, t("same.link", { handle: one.handle }));
  press.addEventListener("click", () => void keep(now, "link", `${one.id} ${one.handle}`).then((kept) => {
    if (!kept) return;
    press.remove();
    tell(t("same.linked"));
  }));
  return press;
}
