// The report in the child's language, as /report/content gives it, and the places that are fetched when they are asked for.

import type { Place, Report } from "../report/content.ts";
import { getJson } from "./net.ts";

export interface Content extends Report {
  readonly lang: string;
  readonly dir: string;
  /** The country whose provinces are shown first. */
  readonly home: string;
  /** Those provinces. */
  readonly places: readonly Place[];
  /** What a choice leads out to. */
  readonly screens: Readonly<Record<string, string>>;
  /** Screen → the button on it that begins a new report, and the answers which that holds already. */
  readonly again: Readonly<Record<string, { readonly label: string; readonly fills: Readonly<Record<string, readonly string[]>> }>>;
  /** Region → the lines with its help numbers; "" the home country, "*" where we have no numbers. */
  readonly numbers: Readonly<Record<string, readonly string[]>>;
  readonly texts: Readonly<Record<string, string>>;
  /** The most that can be said to one question, and in one report; null: nothing is recorded here. */
  readonly voice: { readonly seconds: number; readonly bytes: number } | null;
  /** How many pictures a report holds, of how many bytes, recordings included, and how large a file may be; null: none. */
  readonly pictures: { readonly pictures: number; readonly bytes: number; readonly file: number } | null;
}

/** Instead of a province: every country. */
export const ABROAD = "*";

export function loadContent(address: string, lang: string): Promise<Content> {
  return getJson<Content>(`${address}?lang=${encodeURIComponent(lang)}`);
}

/** Every place known so far, and a way to learn those inside one. */
export class Places {
  readonly known = new Map<string, Place>();
  readonly #address: string;
  readonly #lang: string;
  readonly #groups = new Map<string, readonly Place[]>();

  constructor(address: string, content: Content) {
    this.#address = address;
    this.#lang = content.lang;
    this.#keep("", content.places);
    for (const place of content.places) this.known.set(place.code, place);
  }

  name(code: string): string {
    return this.known.get(code)?.name ?? code;
  }

  async inside(code: string): Promise<readonly Place[]> {
    const held = this.#groups.get(code);
    if (held !== undefined) return held;
    const address = `${this.#address}?lang=${encodeURIComponent(this.#lang)}&in=${encodeURIComponent(code)}`;
    return this.#keep(code, await getJson<readonly Place[]>(address));
  }

  #keep(group: string, places: readonly Place[]): readonly Place[] {
    for (const place of places) this.known.set(place.code, place);
    this.#groups.set(group, places);
    return places;
  }
}
