// The last steps: look at it once more, keep the code, send.

import type { Ask } from "../report/content.ts";
import type { Places } from "./content.ts";
import { button, filled, heading, lines, type Way } from "./pieces.ts";
import type { Telling } from "./telling.ts";

type T = (id: string) => string;

/** Every question with its answer, each of which can be changed; the page still holds them, so it can show them. */
export function reviewList(telling: Telling, places: Places, teams: ReadonlyMap<string, string>, t: T, change: (ask: Ask) => void): HTMLElement {
  const list = document.createElement("ul");
  list.className = "review";
  for (const ask of telling.listed()) {
    const item = document.createElement("li");
    const title = document.createElement("strong");
    title.textContent = ask.title;
    const answer = document.createElement("p");
    answer.dir = "auto";
    answer.textContent = answerOf(ask, telling, places, teams, t) || t("private.skipped");
    const way = button({ label: t("button.change"), key: `e:${ask.id}`, press: () => change(ask) });
    way.setAttribute("aria-label", `${t("button.change")} ${ask.title}`);
    item.append(title, answer, way);
    list.append(item);
  }
  return list;
}

function answerOf(ask: Ask, telling: Telling, places: Places, teams: ReadonlyMap<string, string>, t: T): string {
  const pressed = (telling.answers[ask.id] ?? []).filter((key) => key !== "person").map((key) => {
    if (ask.kind === "place") return places.name(key);
    return ask.choices.find((choice) => choice.key === key)?.label ?? teams.get(key.replace("office:", "")) ?? key;
  });
  const words = telling.words.get(ask.id);
  const spoken = (telling.sounds.get(ask.id) ?? []).map(() => t("private.voice"));
  const shown = (telling.pictures.get(ask.id) ?? []).map(() => t("private.picture-one"));
  const comma = document.documentElement.dir === "rtl" ? "، " : ", ";
  return [...pressed, ...(words === undefined ? [] : [words]), ...spoken, ...shown].join(comma);
}

/** The code, shown once; nothing goes anywhere before it is said to be kept (D1). */
export function codeStep(code: string, t: T, kept: () => void, again: () => void): HTMLElement[] {
  const [title = "", shown = ""] = t("code.show").split("\n\n");
  const ways: Way[] = [
    { label: t("button.code-saved"), key: "code-saved", main: true, press: kept },
    { label: t("button.code-again"), key: "code-again", press: again },
  ];
  return [heading(title), ...lines(filled(shown, { code })), ...lines(t("code.why")), ...lines(t("private.code-kept")), ...ways.map(button)];
}
