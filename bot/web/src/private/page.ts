// From step to step: what stands on the page now, and what follows.  One address for all of it; the history never grows.

import { byId, say } from "../dom.ts";
import type { Ask, Choice, Keys } from "../report/content.ts";
import { askBefore } from "../report/engine.ts";
import type { Team } from "../sealing/roster_document.ts";
import { ABROAD, Places, type Content } from "./content.ts";
import { codeStep, reviewList } from "./ending.ts";
import { inMessenger } from "./launch.ts";
import { MailRoom, type Host } from "./mail_room.ts";
import { makeCode, type MadeCode } from "./mailbox.ts";
import { Refused } from "./net.ts";
import { button, filled, group, heading, lines } from "./pieces.ts";
import type { Picturing } from "./pictures.ts";
import { stopRecording, type Recording } from "./recorder.ts";
import { sealReport } from "./seal.ts";
import { Submission, type Receipt } from "./send.ts";
import { showAvoid, showChoice, showPlaces, showSeveral, showWords, type View } from "./steps.ts";
import { Telling } from "./telling.ts";
import type { Trust } from "./trust.ts";

export interface Addresses {
  readonly report: string;
  readonly worker: string;
  readonly chat: string;
}

/** A mailbox that nobody touches is put away, as in the chat. */
const OPEN_MS = 10 * 60_000;

export class Page {
  readonly #content: Content;
  readonly #places: Places;
  readonly #telling: Telling;
  readonly #main = byId("page");
  readonly #numbers = byId("numbers");
  readonly #mail: MailRoom;
  #teams: readonly Team[] = [];
  #shut: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly addresses: Addresses, readonly trust: Trust, content: Content) {
    this.#content = content;
    this.#places = new Places(`${addresses.report}/places`, content);
    this.#telling = new Telling(content, this.#places.known);
    this.#mail = new MailRoom(this.#host(), { report: addresses.report, worker: addresses.worker, trust, waiting: this.#waiting });
    byId("help").addEventListener("click", () => this.#showNumbers(true));
  }

  #host(): Host {
    return {
      content: this.#content, t: this.#t, say: tell,
      show: (...elements) => this.#show(...elements),
      showForAWhile: (...elements) => this.#showForAWhile(...elements),
      shown: () => this.#main.firstChild,
      begin: () => this.begin(),
      aside: (screen, backTo) => this.#aside(screen, backTo),
      toChat: () => this.#toChat(),
    };
  }

  readonly #t = (id: string): string => this.#content.texts[id] ?? "";

  /** What the page is, and its one limit, before the first question. */
  begin(): void {
    const t = this.#t;
    const told = ["private.about", "private.code-page", "private.keeps-nothing", "web.leave-hint"];
    const begin = button({ label: t("button.begin"), key: "begin", main: true, press: () => this.#onwards() });
    const notes = [...told, ...(inMessenger ? ["private.in-messenger"] : [])].flatMap((id) => lines(t(id)));
    const mail = button({ label: t("button.mail"), key: "mail", press: () => this.#mail.enter() });
    this.#show(heading(t("private.name")), ...notes, begin, mail, ...this.#toChat());
  }

  #showForAWhile(...elements: readonly HTMLElement[]): void {
    this.#show(...elements);
    const over = (): void => this.#mail.enter("mail.lapsed");
    const touched = (): void => {
      clearTimeout(this.#shut);
      this.#shut = setTimeout(over, OPEN_MS);
    };
    this.#main.oninput = touched;
    touched();
  }

  /** Wipe what this page knows; the elements go with the page. */
  forget(): void {
    this.#telling.forget();
    this.#mail.forget();
  }

  #onwards(): void {
    const next = this.#telling.next();
    if (next === undefined) this.#review();
    else void this.#ask(next);
  }

  async #ask(ask: Ask): Promise<void> {
    if (ask.kind === "avoid" && this.#teams.length === 0 && !(await this.#learnTeams())) return;
    const progress = this.#telling.progress(ask);
    const counted = progress === undefined ? [] : lines(filled(this.#t("ask.progress"), { step: progress[0], steps: progress[1] }), "progress");
    const body = document.createElement("div");
    body.className = "answers";
    this.#show(...counted, heading(ask.text), body, this.#ways(ask));
    const view: View = {
      ask, given: this.#telling.answers[ask.id] ?? [], written: this.#telling.words.get(ask.id) ?? "", t: this.#t,
      beside: (choice) => this.#beside(ask, choice),
      done: (keys, words) => this.#answered(ask, keys, words),
      say: tell,
      redraw: (...elements) => redraw(body, elements),
    };
    if (ask.kind === "choice") showChoice(view);
    else if (ask.kind === "several") showSeveral(view);
    else if (ask.kind === "words") showWords(view, undefined, undefined, this.#recording(ask), this.#picturing(ask));
    else if (ask.kind === "place") void showPlaces(view, this.#places);
    else showAvoid(view, this.#teams);
  }

  #recording(ask: Ask): Recording | undefined {
    const most = this.#content.voice;
    return most === null ? undefined : { told: this.#telling.said(ask.id), held: () => this.#telling.held(), most, t: this.#t, say: tell };
  }

  #picturing(ask: Ask): Picturing | undefined {
    const most = this.#content.pictures;
    const telling = this.#telling;
    if (most === null) return undefined;
    return { told: telling.shown(ask.id), count: () => [...telling.pictures.values()].flat().length, held: () => telling.held(), most, t: this.#t };
  }

  #ways(ask: Ask): HTMLElement {
    const before = askBefore(this.#content, this.#telling.answers, ask.id);
    const back = { label: this.#t("button.back"), key: "!back", press: () => (before === undefined ? this.begin() : void this.#ask(before)) };
    const skip = { label: this.#t("button.skip"), key: "skip", press: () => this.#answered(ask, [], "") };
    return group(this.#t("private.next"), ask.skippable ? [skip, back] : [back], true);
  }

  #answered(ask: Ask, keys: Keys, words?: string): void {
    if (ask.kind !== "words" || words === "") this.#telling.answer(ask.id, keys);
    if (words !== undefined) this.#telling.write(ask.id, words);
    this.#onwards();
  }

  /** Numbers stand above the next question at once; a screen is read here, for leaving would end the report. */
  #beside(ask: Ask, choice: Choice): boolean {
    if (choice.numbers === true) this.#showNumbers(false);
    if (choice.goto === undefined) return false;
    this.#aside(choice.goto, () => void this.#ask(ask));
    return true;
  }

  #aside(screen: string, backTo: () => void): void {
    const back = button({ label: this.#t("button.back"), key: "!back", press: backTo });
    const [first = "", ...rest] = (this.#content.screens[screen] ?? "").split(/\n+/);
    this.#show(heading(first), ...rest.flatMap((line) => lines(line)), ...this.#tellAgain(screen), back, ...this.#toChat());
  }

  /** Without the code: a new report, which says by itself that there is an earlier one, so that officers can link the two. */
  #tellAgain(screen: string): HTMLElement[] {
    const again = this.#content.again[screen];
    if (again === undefined) return [];
    const press = (): void => {
      for (const [ask, keys] of Object.entries(again.fills)) this.#telling.answer(ask, keys);
      this.#onwards();
    };
    return [button({ label: again.label, key: "tell-again", main: true, press })];
  }

  #review(): void {
    const t = this.#t;
    const teams = new Map(this.#teams.map(({ id, name }) => [id, name]));
    const list = reviewList(this.#telling, this.#places, teams, t, (ask) => void this.#ask(ask));
    const send = button({ label: t("button.send"), key: "send", main: true, press: () => void this.#makeCode() });
    const erase = button({ label: t("button.erase"), key: "erase", press: () => { this.forget(); this.begin(); } });
    erase.classList.add("danger");
    this.#show(heading(t("private.review-title")), ...lines(t("review.intro")), list, send, erase);
  }

  async #makeCode(): Promise<void> {
    this.#show(heading(this.#t("code.making")));
    try {
      const made = await makeCode(`${this.addresses.report}/salt`, this.addresses.worker, this.#waiting);
      this.#show(...codeStep(made.code.display(), this.#t, () => void this.#send(made), () => void this.#makeCode()));
    } catch {
      this.#failed("private.failed", () => void this.#makeCode());
    }
  }

  async #send(made: MadeCode, submission = new Submission(this.addresses.report, this.#waiting)): Promise<void> {
    this.#show(heading(this.#t("private.sealing")));
    const told = this.#telling.told(this.#content.lang, this.#content.gist);
    try {
      this.#sent(await submission.send(async () => sealReport(told, made.mailbox, await this.trust.readers(told.routing))));
    } catch (error) {
      if (error instanceof Refused && error.why === "pictures") {
        this.#telling.dropPictures();
        this.#failed("private.picture-off", () => void this.#send(made));
        return;
      }
      const why = error instanceof Error && ["NoReaders", "SealingError"].includes(error.name) ? "private.unsure-readers" : "private.failed";
      this.#failed(why, () => void this.#send(made, submission));
    }
  }

  #sent(receipt: Receipt): void {
    this.forget();
    const told = [...receipt.lines, this.#t("private.already")].flatMap((line) => lines(line));
    this.#show(heading(this.#t("private.saved")), ...told, ...this.#toChat());
  }

  #failed(why: string, again: () => void): void {
    const retry = button({ label: this.#t("button.send"), key: "again", main: true, press: again });
    this.#show(heading(this.#t(why)), retry, ...this.#toChat());
    this.#showNumbers(false);
  }

  /** Whether they are known and are still waited for.  On a slow line nothing else can be pressed meanwhile: a second press
   * would ask twice, and the later answer would take whatever is written by then off the page. */
  async #learnTeams(): Promise<boolean> {
    this.#show(heading(this.#t("mail.looking")));
    const waiting = this.#main.firstChild;
    try {
      this.#teams = await this.trust.teams();
      return this.#main.firstChild === waiting;
    } catch {
      if (this.#main.firstChild === waiting) this.#failed("private.unsure-readers", () => this.#onwards());
      return false;
    }
  }

  readonly #waiting = (yes: boolean): void => tell(yes ? this.#t("private.not-sent") : "");

  /** Nothing is put on top of this page in the history: going to the chat replaces it. */
  #toChat(): HTMLElement[] {
    const go = (): void => {
      this.forget();
      location.replace(this.addresses.chat);
    };
    return [button({ label: this.#t("private.to-chat"), key: "chat", press: go })];
  }

  #showNumbers(focus: boolean): void {
    const { numbers } = this.#content;
    const listed = numbers[this.#telling.region()] ?? numbers[ABROAD] ?? [];
    const away = button({ label: this.#t("private.numbers-away"), key: "numbers-away", press: () => (this.#numbers.hidden = true) });
    this.#numbers.replaceChildren(...listed.flatMap((line) => lines(line)), away);
    this.#numbers.setAttribute("aria-label", this.#t("private.numbers"));
    this.#numbers.hidden = false;
    this.#numbers.scrollIntoView();
    if (focus) this.#numbers.focus();
  }

  #show(...elements: readonly HTMLElement[]): void {
    clearTimeout(this.#shut);
    this.#main.oninput = null;
    void stopRecording();
    tell("");
    this.#main.replaceChildren(...elements);
    byId("view").scrollTop = 0;
    this.#main.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }
}

function tell(text: string): void {
  const status = byId("status");
  say(status, text);
  if (status.scrollHeight > status.clientHeight) status.tabIndex = 0; // by keyboard too
  else status.removeAttribute("tabindex");
}

/** The button pressed is drawn anew: the focus stays with it. */
function redraw(body: HTMLElement, elements: readonly HTMLElement[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && body.contains(active) ? active.dataset.key : undefined;
  body.replaceChildren(...elements);
  if (key === undefined) return;
  const same = [...body.querySelectorAll<HTMLElement>("[data-key]")].find((one) => one.dataset.key === key);
  (same ?? body.querySelector<HTMLElement>("textarea, button"))?.focus();
}
