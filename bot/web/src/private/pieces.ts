// The few shapes the page is made of: a heading, lines, buttons, a group of them.

import { paragraph } from "../message.ts";

const ASCII = /^[\x20-\x7e]*$/;

export interface Way {
  readonly label: string;
  readonly press: () => void;
  /** Names the button for tests and styles; no words. */
  readonly key?: string;
  readonly chosen?: boolean;
  readonly main?: boolean;
}

export function button(way: Way): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = way.label;
  if (way.key !== undefined) made.dataset.key = way.key;
  if (way.chosen !== undefined) made.setAttribute("aria-pressed", String(way.chosen));
  if (way.main === true) made.classList.add("main");
  made.addEventListener("click", way.press);
  return made;
}

/** Buttons under a name for screen readers. */
export function group(label: string, ways: readonly Way[], columns = false): HTMLElement {
  const made = document.createElement("div");
  made.className = columns ? "choices columns" : "choices";
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", label);
  made.append(...ways.map(button));
  return made;
}

/** One paragraph for each part between empty lines; numbers in it can be tapped. */
export function lines(text: string, className = ""): HTMLElement[] {
  return text.split("\n\n").map((line) => {
    const made = paragraph(line);
    if (className !== "") made.className = className;
    return made;
  });
}

/** The heading that gets the focus when a step opens. */
export function heading(text: string): HTMLElement {
  const made = document.createElement("h2");
  made.tabIndex = -1;
  made.textContent = text;
  return made;
}

/** `text` with its gaps filled; names are isolated, so that they turn no line around. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-z]+)\}/g, (gap, name: string) => {
    const value = values[name];
    if (value === undefined) return gap;
    return typeof value === "number" ? String(value) : `${ASCII.test(value) ? "\u2066" : "\u2068"}${value}\u2069`;
  });
}
