// Texts by id, in the language of the page; fetched once, never assembled from pieces.

let texts: Readonly<Record<string, string>> = {};

/** Take the catalog over; called once before anything is shown. */
export function learn(catalog: Readonly<Record<string, string>>): void {
  texts = catalog;
}

/** What `table` itself holds under `key`: a key may come from anybody, and "constructor" is a word too. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The text with this id, its named parameters filled in.  An unknown id shows as itself, never as nothing. */
export function t(id: string, params: Readonly<Record<string, string | number>> = {}): string {
  const text = own(texts, id) ?? id;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(own(params, name) ?? whole));
}

/** The text with this id, or `otherwise` where the catalog has none (a question that is gone since). */
export function known(id: string, otherwise: string): string {
  return own(texts, id) ?? otherwise;
}

/** What follows `prefix` in the ids there are. */
export const idsUnder = (prefix: string): string[] =>
  Object.keys(texts).filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));

/** The language of the page, for dates and numbers. */
export const language = (): string => document.documentElement.lang || "en";

const HOUR_S = 3600;
const DAY_S = 86400;

/** A time kept to the hour only, as "about 14:00" or a date. */
export function aboutHour(at: number, now: number): string {
  const when = new Date(at * 1000);
  const sameDay = new Date(now * 1000).toDateString() === when.toDateString();
  const form: Intl.DateTimeFormatOptions = sameDay ? { hour: "numeric", minute: "2-digit" }
    : now - at < 6 * DAY_S ? { weekday: "short", hour: "numeric" } : { day: "numeric", month: "short", year: "numeric" };
  return t("queue.about", { hour: new Intl.DateTimeFormat(language(), form).format(when) });
}

/** How long ago, in the largest unit that fits. */
export function ago(at: number, now: number): string {
  const form = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const past = Math.max(0, now - at);
  return past < DAY_S ? form.format(-Math.floor(past / HOUR_S), "hour") : form.format(-Math.floor(past / DAY_S), "day");
}

/** A length of time, in the largest unit that fits; anything under an hour is an hour. */
export function lasting(seconds: number): string {
  const [count, unit] = seconds < DAY_S ? [Math.ceil(seconds / HOUR_S), "hour"] : [Math.floor(seconds / DAY_S), "day"];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(Math.max(1, count));
}

/** A moment to come, as weekday, day and hour. */
export function momentName(at: number): string {
  const form: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(language(), form).format(new Date(at * 1000));
}

/** A moment that is over: the time of day, with the date unless it was today. */
export function timeName(at: number, now: number): string {
  const when = new Date(at * 1000);
  const day: Intl.DateTimeFormatOptions = new Date(now * 1000).toDateString() === when.toDateString() ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language(), { ...day, hour: "numeric", minute: "2-digit" }).format(when);
}

/** A day, counted since the epoch. */
export function dayName(day: number): string {
  const form = new Intl.DateTimeFormat(language(), { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return form.format(new Date(day * DAY_S * 1000));
}
