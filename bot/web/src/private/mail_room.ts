// The mailbox on the page, from the code to the last word: what can be read, written, taken back, deleted, and what follows.

import { parseCode } from "../sealing/case_code.ts";
import type { Content } from "./content.ts";
import { codeField, opened, writeStep } from "./mail_steps.ts";
import { Refused } from "./net.ts";
import { button, group, heading, lines, type Way } from "./pieces.ts";
import { openMailbox, standing, type Door, type Opened } from "./reading.ts";
import type { Recording, Sound } from "./recorder.ts";
import { Writing, type Letter, type Outgoing } from "./writing.ts";

/** The page around it. */
export interface Host {
  readonly content: Content;
  readonly t: (id: string) => string;
  readonly show: (...elements: readonly HTMLElement[]) => void;
  /** The same, and put away when nobody touched it for a while. */
  readonly showForAWhile: (...elements: readonly HTMLElement[]) => void;
  readonly shown: () => unknown;
  readonly say: (text: string) => void;
  readonly begin: () => void;
  readonly aside: (screen: string, backTo: () => void) => void;
  readonly toChat: () => HTMLElement[];
}

const WORDS_FIT = 4000;
/** Deeds that are asked back once, and their button. */
type Deed = "empty" | "close" | "stop";

export class MailRoom {
  readonly #host: Host;
  readonly #door: Door;
  #sounds: Sound[] = [];

  constructor(host: Host, door: Door) {
    this.#host = host;
    this.#door = door;
  }

  /** The code of an earlier report, and what can be done without it.  `why`: what is said first. */
  enter(why = ""): void {
    const { t, aside, begin } = this.#host;
    this.forget();
    const screen = (key: string): void => aside(key, () => this.enter());
    const ways = [
      { label: t("button.lost-code"), key: "lost-code", press: () => screen("lost-code") },
      { label: t("button.wrote-before"), key: "wrote-before", press: () => screen("wrote-before") },
      { label: t("button.back"), key: "!back", press: begin },
    ];
    this.#host.show(heading(t("mail.ask")), ...said(t, why), ...codeField(t, (typed) => void this.#open(typed)), group(t("private.next"), ways));
  }

  /** Wipe what was recorded and not sent. */
  forget(): void {
    for (const { bytes } of this.#sounds) bytes.fill(0);
    this.#sounds = [];
  }

  async #open(typed: string): Promise<void> {
    const code = parseCode(typed);
    if ("why" in code) return this.enter("mail.mistyped");
    const looking = this.#look();
    const found = await openMailbox(code, this.#door).catch(() => "failed" as const);
    if (this.#host.shown() !== looking) return; // gone elsewhere meanwhile: nothing is shown there
    if (found === "failed") return this.enter("private.mail-failed");
    if (found === undefined) return this.enter("mail.missing");
    this.#mailbox(found);
  }

  /** Something takes a moment; returns what stands on the page meanwhile. */
  #look(): unknown {
    this.#host.show(heading(this.#host.t("mail.looking")));
    return this.#host.shown();
  }

  #mailbox(found: Opened, why = ""): void {
    const { t, begin, toChat } = this.#host;
    const { writing } = found;
    const written: Way[] = writing instanceof Writing ? this.#written(found, writing) : [];
    const ways = [
      ...written,
      ...(found.answers.length > 0 ? [{ label: t("button.empty"), key: "empty", press: () => this.#confirm(found, "empty") }] : []),
      { label: t("button.close"), key: "close", press: () => this.#confirm(found, "close") },
      { label: t("button.back"), key: "!back", press: begin },
    ];
    this.#host.showForAWhile(...opened(found, t, said(t, why)), group(t("private.next"), ways), ...toChat());
  }

  #written(found: Opened, writing: Writing): Way[] {
    const { t } = this.#host;
    const wish: Way = found.wish === "none"
      ? { label: t("button.stop"), key: "stop", press: () => this.#confirm(found, "stop") }
      : { label: t("button.go-on"), key: "go-on", press: () => void this.#send(found, writing.letter({ wish: "none" }), "mail.goes-on") };
    return [
      { label: t("button.add"), key: "add", press: () => this.#add(found, writing) },
      { label: t("button.check"), key: "check", press: () => this.#check(found, writing) },
      wish,
    ];
  }

  #add(found: Opened, writing: Writing): void {
    const { t, content, say } = this.#host;
    this.forget();
    const most = content.voice;
    const told = this.#sounds;
    // More recordings than a report holds are as if they were too long: said kindly, and not kept.
    const held = (): number => (told.length >= writing.left ? Infinity : told.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const recording: Recording | undefined = most === null ? undefined : { told, held, most, t, say };
    const next = (words: string): void => void this.#send(found, writing.letter({ words, sounds: told }), "mail.written");
    this.#writes(found, "mail.ask-add", "", next, recording);
  }

  /** A question that only the child can answer, and then its answer (S54). */
  #check(found: Opened, writing: Writing): void {
    const sent = (ask: Outgoing["ask"], kept: string, then?: (now: Opened) => void) => (words: string): void =>
      void this.#send(found, writing.letter({ words, ...(ask === undefined ? {} : { ask }) }), kept, then);
    const answer = (now: Opened): void => this.#writes(now, "check.ask-answer", "check.question-kept", sent("check-answer", "check.kept"));
    this.#writes(found, "check.ask-question", "", sent("check-question", "check.question-kept", answer));
  }

  #writes(found: Opened, asks: string, why: string, send: (words: string) => void, recording?: Recording): void {
    const { t } = this.#host;
    const back = button({ label: t("button.back"), key: "!back", press: () => { this.forget(); this.#mailbox(found); } });
    const [title = "", ...more] = t(asks).split(/\n+/);
    const step = writeStep({ t, most: WORDS_FIT, send, ...(recording === undefined ? {} : { recording }) });
    this.#host.showForAWhile(heading(title), ...said(t, why), ...more.flatMap((line) => lines(line)), ...step, back);
  }

  /** Until it is kept, and nothing is said to be kept before.  `kept`: what is said then; `then`: what follows, else the mailbox. */
  async #send(found: Opened, letter: Letter, kept: string, then?: (now: Opened) => void): Promise<void> {
    const { t, toChat } = this.#host;
    this.#host.show(heading(t("private.sealing")));
    const sending = this.#host.shown();
    const here = (): boolean => this.#host.shown() === sending;
    try {
      await letter.send();
    } catch (error) {
      if (!here()) return;
      if (error instanceof Refused && error.why === "gone") return this.enter("mail.gone");
      const why = error instanceof Error && error.name === "SealingError" ? "private.unsure-readers" : "private.failed";
      const again = button({ label: t("button.send"), key: "again", main: true, press: () => void this.#send(found, letter, kept, then) });
      return this.#host.showForAWhile(heading(t(why)), again, ...toChat());
    }
    this.forget();
    const now = await this.#now(found);
    if (!here()) return;
    if (then === undefined) this.#mailbox(now, kept);
    else then(now);
  }

  /** How the report stands after something was written; as it stood before, where that cannot be had. */
  async #now(found: Opened): Promise<Opened> {
    if (!(found.writing instanceof Writing)) return found;
    const stored = await found.writing.refreshed().catch(() => undefined);
    return stored === undefined ? found : { ...found, ...standing(stored) };
  }

  /** What cannot be undone, or stops others, is said plainly and confirmed once. */
  #confirm(found: Opened, what: Deed): void {
    const { t } = this.#host;
    const [title = "", ...more] = what === "stop" ? t("mail.ask-stop").split(/\n+/) : [t(`button.${what}`), t(`mail.ask-${what}`)];
    const yes = button({ label: t(`button.yes-${what}`), key: "yes", press: () => void this.#do(found, what) });
    yes.classList.add("danger");
    const back = button({ label: t("button.back"), key: "!back", press: () => this.#mailbox(found) });
    this.#host.showForAWhile(heading(title), ...more.flatMap((line) => lines(line)), yes, back);
  }

  async #do(found: Opened, what: Deed): Promise<void> {
    const { t, begin, toChat } = this.#host;
    if (what === "stop") {
      if (found.writing instanceof Writing) await this.#send(found, found.writing.letter({ wish: "stop" }), "mail.stopped");
      return;
    }
    this.#look();
    try {
      await found.deed(what);
    } catch {
      return this.enter("private.mail-failed");
    }
    const back = button({ label: t("button.back"), key: "!back", press: begin });
    this.#host.show(heading(t(what === "empty" ? "private.emptied" : "private.shut")), back, ...toChat());
  }
}

function said(t: Host["t"], why: string): HTMLElement[] {
  return why === "" ? [] : lines(t(why), "why");
}
