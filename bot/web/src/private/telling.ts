// A report being told: what was pressed and written so far, in this page's memory only.

import type { Answers, Ask, Keys, Place, Report, Routing } from "../report/content.ts";
import { applying, nextAsk, routingOf, standing, triage } from "../report/engine.ts";
import type { Picture } from "./pictures.ts";
import type { Sound } from "./recorder.ts";
import type { Told } from "./seal.ts";

export class Telling {
  answers: Answers = {};
  /** Question → words, in the order they were first written. */
  readonly words = new Map<string, string>();
  /** Question → what was said to it. */
  readonly sounds = new Map<string, Sound[]>();
  /** Question → what was shown to it. */
  readonly pictures = new Map<string, Picture[]>();
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
    const spoken = [...this.sounds, ...this.pictures].filter(([, files]) => files.length > 0).map(([ask]) => ask);
    return nextAsk(this.#report, this.answers, [...this.words.keys(), ...spoken]);
  }

  /** What was said to a question; the list may be changed. */
  said(ask: string): Sound[] {
    const said = this.sounds.get(ask) ?? [];
    this.sounds.set(ask, said);
    return said;
  }

  /** What was shown to a question; the list may be changed. */
  shown(ask: string): Picture[] {
    const shown = this.pictures.get(ask) ?? [];
    this.pictures.set(ask, shown);
    return shown;
  }

  /** Bytes of everything that was said and shown. */
  held(): number {
    return [...this.sounds.values(), ...this.pictures.values()].flat().reduce((sum, { bytes }) => sum + bytes.length, 0);
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
    const pictures = [...this.pictures].filter(([ask]) => counting.has(ask)).flatMap(([ask, shown]) => shown.map((picture) => [ask, picture] as const));
    return { language, answers, words, sounds, pictures, ...triage(this.#report, answers), gist, routing: this.routing() };
  }

  dropPictures(): void {
    for (const { bytes } of [...this.pictures.values()].flat()) bytes.fill(0);
    this.pictures.clear();
  }

  forget(): void {
    this.answers = {};
    this.words.clear();
    for (const { bytes } of [...this.sounds.values()].flat()) bytes.fill(0);
    this.sounds.clear();
    this.dropPictures();
  }
}
