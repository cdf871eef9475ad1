// Plays the shared cases through the engine of the private page; returns what differs, by case.
// Runs in Node (where the engine was loaded before it) and in a browser alike.

globalThis.replayReports = (given) => {
  const e = globalThis.hamrahEngine;
  const places = new Map(given.places.map((place) => [place.code, place]));
  const key = (plain) => ({ ...plain, id: e.fromHex(plain.id) });
  const rosters = given.rosters.map((roster) => ({
    ...roster,
    officers: roster.officers.map((officer) => ({ ...officer, keys: officer.keys.map(key) })),
    ...(roster.recovery ? { recovery: key(roster.recovery) } : {}),
  }));
  const sorted = (value) => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
  };
  const differing = [];
  const same = (at, what, expected, found) => {
    const [one, other] = [expected, found].map((value) => JSON.stringify(sorted(value ?? null)));
    if (one !== other) differing.push(`case ${at}, ${what}: ${one} is not ${other}`);
  };
  let questions = 0;
  for (const [at, one] of given.cases.entries()) {
    let answers = {};
    const worded = [];
    for (const step of one.steps) {
      if (!step.changed) same(at, "next", step.ask, e.nextAsk(given.report, answers, worded)?.id);
      if (step.keys === null) worded.push(step.ask);
      else answers = { ...answers, [step.ask]: step.keys };
      questions += 1;
    }
    same(at, "end", null, e.nextAsk(given.report, answers, worded)?.id);
    same(at, "applying", one.applying, e.applying(given.report, answers).map((ask) => ask.id));
    const standing = e.standing(given.report, answers);
    same(at, "standing", one.standing, standing);
    const { urgency, reasons } = e.triage(given.report, standing);
    same(at, "urgency", one.urgency, urgency);
    same(at, "reasons", one.reasons, reasons);
    const routing = e.routingOf(given.report, places, answers);
    same(at, "routing", one.routing, routing);
    for (const [which, roster] of rosters.entries()) {
      const readers = e.chooseReaders(roster, routing, given.now);
      const plain = readers && { teams: readers.teams, keys: readers.keys.map(({ id }) => e.hex(id)) };
      same(at, `readers of roster ${which}`, one.readers[which], plain);
    }
  }
  return { cases: given.cases.length, questions, differing };
};
