// The code is typed, and what is behind it stands there: the honest state, the answers, how long they stay.

import { button, filled, heading, lines } from "./pieces.ts";
import type { Opened } from "./reading.ts";

type T = (id: string) => string;

const CODE_WITH_SPACES = 60;

/** Where the code is written; nobody's keyboard learns it.  `enter` gets what was typed. */
export function codeField(t: T, enter: (typed: string) => void): HTMLElement[] {
  const form = document.createElement("form");
  form.className = "step";
  const field = document.createElement("input");
  Object.assign(field, { type: "text", inputMode: "numeric", maxLength: CODE_WITH_SPACES, id: "code", dir: "ltr", spellcheck: false, enterKeyHint: "go" });
  for (const name of ["autocomplete", "autocapitalize", "autocorrect"]) field.setAttribute(name, "off");
  field.setAttribute("aria-label", t("mail.ask"));
  const go = button({ label: t("private.next"), key: "open", main: true, press: () => undefined });
  go.type = "submit";
  form.append(field, go);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = field.value;
    if (typed.trim() === "") return field.focus();
    field.value = "";
    enter(typed);
  });
  return [form];
}

/** The same lines in the same order as in the chat (bot/core/mailbox.py). */
export function opened(found: Opened, t: T): HTMLElement[] {
  const state = heading(t(`mail.status.${found.status}`));
  const wish = found.wish === "none" ? [] : lines(t(found.wish === "stop" ? "mail.is-stopped" : "mail.is-overruled"));
  const nothing = lines(t(found.emptied ? "mail.empty-since" : "mail.empty"));
  const answers = found.answers.flatMap((text) => lines(t("mail.reply").replace("{text}", () => text), "answer"));
  const until = found.until === undefined ? [] : lines(filled(t("mail.until"), { date: found.until }));
  return [state, ...wish, ...(answers.length > 0 ? answers : nothing), ...until, ...lines(t("private.mail-chat"))];
}
