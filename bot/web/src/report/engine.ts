// From answers to the next question, to urgency and to routing: the twin of bot/core (flow, answering, triage, routing).
// Pure; tests/private/test_engine.py plays the same answers through both and compares.

import type { Answers, Ask, Condition, Keys, Place, Report, Routing } from "./content.ts";

const CONCERN = "concern";
const OFFICE = "office:";
const PERSON = "person";

/** Whether each named question got one of the wanted answers. */
export function holds(condition: Condition, answers: Answers): boolean {
  return Object.entries(condition).every(([ask, wanted]) => (answers[ask] ?? []).some((key) => wanted.includes(key)));
}

function applies(ask: Ask, answers: Answers): boolean {
  const kept = Object.keys(ask.unless).length > 0 && holds(ask.unless, answers);
  return holds(ask.when, answers) && !kept;
}

/** The questions that this reporter meets, as far as the answers so far tell. */
export function applying(report: Report, answers: Answers): readonly Ask[] {
  const named = new Set(report.asks.flatMap((ask) => [...Object.keys(ask.when), ...Object.keys(ask.unless)]));
  const kept: Record<string, Keys> = {};
  for (const ask of report.asks) {
    const given = answers[ask.id];
    if (named.has(ask.id) && given !== undefined && applies(ask, kept)) kept[ask.id] = given;
  }
  return report.asks.filter((ask) => applies(ask, kept));
}

/** The answers that count: a changed answer may have made others pointless. */
export function standing(report: Report, answers: Answers): Answers {
  const kept: Record<string, Keys> = {};
  for (const { id } of applying(report, answers)) {
    const given = answers[id];
    if (given !== undefined) kept[id] = given;
  }
  return kept;
}

/** The first question that applies and was not yet met; none: the review. */
export function nextAsk(report: Report, answers: Answers, worded: Keys): Ask | undefined {
  return applying(report, answers).find(({ id, unasked }) => unasked !== true && answers[id] === undefined && !worded.includes(id));
}

/** The question before `id` on this reporter's way; none: the beginning. */
export function askBefore(report: Report, answers: Answers, id: string): Ask | undefined {
  const place = report.asks.findIndex((ask) => ask.id === id);
  return applying(report, answers).filter((ask) => ask.unasked !== true && report.asks.indexOf(ask) < place).pop();
}

/** How urgent, by the most urgent rule that fits, and the reasons of every rule that does, most urgent first. */
export function triage(report: Report, answers: Answers): { urgency: string; reasons: Keys } {
  const rank = (urgency: string): number => report.urgencies.indexOf(urgency);
  const fired = report.rules.filter((rule) => holds(rule.when, answers));
  fired.sort((one, other) => rank(one.urgency) - rank(other.urgency)); // stable, as Python's
  return { urgency: fired[0]?.urgency ?? report.normal, reasons: [...new Set(fired.map((rule) => rule.reason))] };
}

/** The province (or country, where no province is known) a place lies in; "" for an unknown code. */
export function bucket(places: ReadonlyMap<string, Place>, code: string): string {
  let place = places.get(code);
  while (place !== undefined && place.level > 1) place = places.get(place.parent);
  return place?.code ?? "";
}

/** Who must be able to read it, as the pressed answers say. */
export function routingOf(report: Report, places: ReadonlyMap<string, Place>, answers: Answers): Routing {
  const met = applying(report, answers);
  const given = (kind: Ask["kind"]): Keys => met.filter((ask) => ask.kind === kind).flatMap(({ id }) => answers[id] ?? []);
  const avoid = given("avoid");
  return {
    places: [...new Set(given("place").map((code) => bucket(places, code)).filter((code) => code !== ""))],
    concern: standing(report, answers)[CONCERN]?.[0] ?? "",
    avoid: avoid.filter((key) => key.startsWith(OFFICE)).map((key) => key.slice(OFFICE.length)),
    pairOnly: avoid.includes(PERSON),
  };
}
