// The code is typed, and what is behind it stands there: the honest state, the answers, how long they stay; and words are written.

import { button, filled, heading, lines } from "./pieces.ts";
import type { Opened } from "./reading.ts";
import { recorderOf, stopRecording, type Recording } from "./recorder.ts";

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

/** The same lines in the same order as in the chat (bot/core/mailbox.py).  `said`: what came of the last thing done. */
export function opened(found: Opened, t: T, said: readonly HTMLElement[]): HTMLElement[] {
  const state = heading(t(`mail.status.${found.status}`));
  const wish = found.wish === "none" ? [] : lines(t(found.wish === "stop" ? "mail.is-stopped" : "mail.is-overruled"));
  const nothing = lines(t(found.emptied ? "mail.empty-since" : "mail.empty"));
  const answers = found.answers.flatMap((text) => lines(t("mail.reply").replace("{text}", () => text), "answer"));
  const until = found.until === undefined ? [] : lines(filled(t("mail.until"), { date: found.until }));
  return [state, ...said, ...wish, ...(answers.length > 0 ? answers : nothing), ...until, ...lines(t(aboutWriting(found)))];
}

/** That one can write here; or that it goes on in the chat, from where older mailboxes were begun; or that no key is sure. */
function aboutWriting({ writing }: Opened): string {
  if (writing === undefined) return "private.mail-chat";
  return writing === "unsure" ? "private.unsure-readers" : "mail.write";
}

/** `recording`: what can be said instead, where it may be. */
export interface WriteStep {
  readonly t: T;
  readonly most: number;
  readonly send: (words: string) => void;
  readonly recording?: Recording;
}

/** The field for words to the helpers, the recorder, and the button that sends both. */
export function writeStep({ t, most, send, recording }: WriteStep): HTMLElement[] {
  const field = document.createElement("textarea");
  Object.assign(field, { rows: 5, maxLength: most, dir: "auto", id: "words", spellcheck: false });
  for (const name of ["autocomplete", "autocapitalize", "autocorrect"]) field.setAttribute(name, "off");
  field.setAttribute("aria-label", t("private.your-report"));
  const press = async (): Promise<void> => {
    await stopRecording();
    const words = field.value.trim();
    if (words !== "" || (recording?.told.length ?? 0) > 0) send(words);
    else field.focus();
  };
  const go = button({ label: t("button.send"), key: "send", main: true, press: () => void press() });
  return [field, ...(recording === undefined ? [] : recorderOf(recording)), go];
}
