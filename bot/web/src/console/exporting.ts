// Taking a case out by two: one asks and says why, another agrees and gets three words, the first makes the sealed file and
// gets three more.  Whoever receives it needs all six, told on two ways.

import { byId, part, say, show, visible } from "../dom.ts";
import { hex, random } from "../sealing/bytes.ts";
import { sealExport } from "../sealing/export.ts";
import { newPassphrase } from "../sealing/passphrase.ts";
import { exported } from "./export_forms.ts";
import { refused, sealed, today, type Held } from "./held.ts";
import * as names from "./names.ts";
import { newKey, post } from "./net.ts";
import { tell } from "./notice.ts";
import { t } from "./words.ts";

interface Export {
  id: string;
  asked: string;
  agreed: string | null;
}

const card = byId("export-card");
const form = part<HTMLFormElement>(card, "ask");
const why = byId<HTMLTextAreaElement>("export-why");

let held: Held | null = null;

/** Wire the form once. */
export function prepare(): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask();
  });
}

/** Show what was asked for; `fresh`: another case was opened. */
export function showExporting(now: Held, fresh: boolean): void {
  if (fresh) clearExporting();
  held = now;
  visible(card, !now.found.feedback);
  if (fresh) void look();
}

/** Nothing stays, the words least of all. */
export function clearExporting(): void {
  held = null;
  form.reset();
  why.value = "";
  part<HTMLDetailsElement>(card, "more").open = false;
  for (const name of ["error", "words"]) say(part(card, name), "");
  part(card, "waiting").replaceChildren();
}

async function look(): Promise<void> {
  const now = held;
  if (now === null) return;
  try {
    const { exports } = await post<{ exports: Export[] }>(`case/${now.found.id}/export/list`, {});
    if (held?.found.id === now.found.id) part(card, "waiting").replaceChildren(...exports.map(entryOf));
  } catch {
    return; // the list of the case said it already
  }
}

function entryOf(one: Export): HTMLElement {
  const entry = document.createElement("li");
  const what = document.createElement("span");
  show(what, one.agreed === null ? t("export.asked", { name: names.colleague(one.asked) })
    : t("export.agreed", { name: names.colleague(one.asked), other: names.colleague(one.agreed) }));
  entry.append(what);
  const stage = one.agreed === null && one.asked !== held?.me ? "agree" : one.agreed !== null && one.asked === held?.me ? "take" : "";
  if (stage !== "") {
    const press = document.createElement("button");
    press.type = "button";
    press.dataset.stage = stage;
    say(press, t(stage === "agree" ? "export.agree" : "export.take"));
    press.addEventListener("click", () => void (stage === "agree" ? agree(one) : take(one)));
    entry.append(" ", press);
  }
  return entry;
}

async function go(now: Held, id: string, stage: string, said: Record<string, unknown>): Promise<boolean> {
  try {
    const note = await sealed(now, "export", JSON.stringify({ export: id, stage, ...said }));
    await post(`case/${now.found.id}/export/go`, { id, stage, ...note.body }, newKey());
    note.sent();
    now.refresh();
    await look();
    return true;
  } catch (error) {
    await refused(now, error);
    return false;
  }
}

async function ask(): Promise<void> {
  const now = held;
  const consent = form.querySelector<HTMLInputElement>("input[name=export-consent]:checked")?.value ?? "";
  const wrong = why.value.trim() === "" ? t("export.no-reason") : consent === "" ? t("refused.no_consent") : "";
  say(part(card, "error"), wrong);
  if (now === null || wrong !== "") return;
  if (!(await go(now, hex(random(16)), "ask", { why: why.value.trim(), consent }))) return;
  part<HTMLDetailsElement>(card, "more").open = false;
  tell(t("export.waits"));
}

const three = (): string => newPassphrase().split(" ").slice(0, 3).join(" ");

async function agree(one: Export): Promise<void> {
  const now = held;
  const words = three();
  if (now === null || !(await go(now, one.id, "agree", { words }))) return;
  say(part(card, "words"), t("export.words-second", { words }));
}

async function take(one: Export): Promise<void> {
  const now = held;
  if (now === null) return;
  const theirs = saidAt(now, one.id, "agree", "words");
  if (theirs === "") return;
  const mine = three();
  if (!(await go(now, one.id, "take", {}))) return;
  const file = await sealExport(`${mine} ${theirs}`, { day: today(now), ...exported(now.found, now.contents) });
  save(file, `hamrah-${now.found.handle}.json`);
  say(part(card, "words"), t("export.words-first", { words: mine }));
}

/** What was sealed at a stage of this export. */
function saidAt(now: Held, id: string, stage: string, name: string): string {
  for (const note of now.contents.notes.filter(({ what }) => what === "export")) {
    try {
      const said = JSON.parse(note.text) as Record<string, unknown>;
      if (said.export === id && said.stage === stage && typeof said[name] === "string") return said[name];
    } catch {
      continue;
    }
  }
  return "";
}

/** A sealed file, named by us, as a download and nothing else. */
function save(file: Uint8Array, name: string): void {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([file as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }));
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
