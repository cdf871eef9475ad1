// A report being told: what was pressed and written so far, in this page's memory only.

import type { Answers, Ask, Keys, Place, Report, Routing } from "../report/content.ts";
import { applying, nextAsk, routingOf, standing, triage } from "../report/engine.ts";
import type { Sound } from "./recorder.ts";
import type { Told } from "./seal.ts";

export class Telling {
  answers: Answers = {};
  /** Question → words, in the order they were first written. */
  readonly words = new Map<string, string>();
  /** Question → what was said to it. */
  readonly sounds = new Map<string, Sound[]>();
  readonly #report: Report;
  readonly #places: ReadonlyMap<string, Place>;

  constructor(report: Report, places: ReadonlyMap<string, Place>) {
    this.#report = report;
    this.#places = places;
  }

  answer(ask: string, keys: Keys): void {
    this.answers = { ...this.answers, [ask]: keys };
  }

  /** Words stand in the place of an earlier "skipped"; empty ones take back what was written. */
  write(ask: string, words: string): void {
    if (words === "") this.words.delete(ask);
    else this.words.set(ask, words);
  }

  next(): Ask | undefined {
    const spoken = [...this.sounds].filter(([, sounds]) => sounds.length > 0).map(([ask]) => ask);
    return nextAsk(this.#report, this.answers, [...this.words.keys(), ...spoken]);
  }

  /** What was said to a question; the list may be changed. */
  said(ask: string): Sound[] {
    const said = this.sounds.get(ask) ?? [];
    this.sounds.set(ask, said);
    return said;
  }

  /** The questions of the review, in order. */
  listed(): readonly Ask[] {
    return applying(this.#report, this.answers).filter((ask) => ask.listed);
  }

  /** (number of the question, how many there are); none where it is not counted. */
  progress(ask: Ask): readonly [number, number] | undefined {
    const listed = this.listed();
    const at = listed.findIndex(({ id }) => id === ask.id);
    return at < 0 ? undefined : [at + 1, listed.length];
  }

  routing(): Routing {
    return routingOf(this.#report, this.#places, this.answers);
  }

  /** The region whose numbers are shown. */
  region(): string {
    return this.routing().places[0] ?? "";
  }

  /** What is sealed: only what still counts. */
  told(language: string, gist: Keys): Told {
    const answers = standing(this.#report, this.answers);
    const counting = new Set(applying(this.#report, this.answers).map(({ id }) => id));
    const words = [...this.words].filter(([ask]) => counting.has(ask));
    const sounds = [...this.sounds].filter(([ask]) => counting.has(ask)).flatMap(([ask, said]) => said.map((sound) => [ask, sound] as const));
    return { language, answers, words, sounds, ...triage(this.#report, answers), gist, routing: this.routing() };
  }

  forget(): void {
    this.answers = {};
    this.words.clear();
    for (const sound of [...this.sounds.values()].flat()) sound.bytes.fill(0);
    this.sounds.clear();
  }
}
