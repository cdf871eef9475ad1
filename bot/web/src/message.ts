// One message of the helpline: its words as text, its numbers as something to tap, its buttons.

export interface Choice {
  key: string;
  label: string;
  danger: boolean;
}

export interface Message {
  text: string;
  rows: Choice[][];
  dir: string;
  lang: string;
  turn: number;
  kind: string;
  /** Id of a picture above the words, for the youngest. */
  picture?: string;
  /** Seconds after which it goes from the page by itself; without them it stays. */
  vanish?: number;
  /** Only where the message can be heard: the text of each paragraph, and of each button by its key. */
  ids?: string[];
  labels?: Record<string, string>;
  /** Only where a report begins: what the private page does differently, and the button that leads there. */
  private?: { why: string; label: string };
}

/** The button that leads to the private page: the page itself goes there, so no turn is told. */
export const PRIVATE = "!private";

// The server isolates every number, code and inserted name (U+2066 or U+2068 … U+2069).
const ISOLATED = /([\u2066\u2068][^\u2069]*\u2069)/;
/** A number to dial, and no day as it is written in messages (2026-06-02). */
const DIALLED = /^(?!\d{4}-\d\d-\d\d$)\+?[0-9][0-9 -]{1,17}$/;
const CODE_DIGITS = 20;

/** Append `message` to the talk; `press` is told which button was pressed.  Returns the new element. */
export function showMessage(
  talk: HTMLElement,
  message: Message,
  pictures: string,
  choicesLabel: string,
  press: (key: string, turn: number, label: string) => void,
): HTMLElement {
  const box = document.createElement("div");
  box.className = `message ours kind-${message.kind}`;
  box.dir = message.dir;
  if (message.lang) box.lang = message.lang;
  if (message.picture !== undefined) box.append(picture(`${pictures}/${encodeURIComponent(message.picture)}.svg`));
  for (const [at, line] of message.text.split("\n\n").entries()) {
    const element = paragraph(line);
    const id = message.ids?.[at];
    if (id !== undefined) element.dataset.line = id;
    if (!message.lang) element.dir = "auto"; // no language chosen yet: each line is in its own
    box.append(element);
  }
  if (message.private !== undefined) box.append(paragraph(message.private.why));
  talk.append(box);
  fades(box, message.vanish);
  if (message.rows.length > 0) {
    const row = choices(message, choicesLabel, press);
    talk.append(row);
    fades(row, message.vanish);
  }
  return box;
}

/** Let `element` go after so many seconds, or earlier, when what was told in confidence is taken off the page. */
export function fades(element: HTMLElement, seconds: number | undefined): void {
  if (seconds === undefined) return;
  element.dataset.fading = "";
  setTimeout(() => element.remove(), seconds * 1000);
}

/** Adds nothing to the words below it, so a screen reader passes over it; when it does not come, the words stand alone. */
function picture(address: string): HTMLImageElement {
  const image = document.createElement("img");
  image.className = "picture";
  image.alt = "";
  image.width = 320; // with the height its place is kept free, so that nothing jumps when it comes
  image.height = 200;
  image.addEventListener("error", () => (image.hidden = true));
  image.src = address;
  return image;
}

export function paragraph(line: string): HTMLElement {
  const element = document.createElement("p");
  for (const part of line.split(ISOLATED)) {
    if (part === "") continue;
    if (ISOLATED.test(part)) element.append(isolated(part.charAt(0), part.slice(1, -1)));
    else element.append(part);
  }
  return element;
}

/** A number can be tapped, a case code stands large and alone; anything else only keeps its own direction. */
function isolated(sign: string, value: string): HTMLElement {
  const digits = value.replace(/\D/g, "");
  if (digits.length < CODE_DIGITS && DIALLED.test(value)) {
    const link = document.createElement("a");
    link.href = `tel:${value.replace(/[^+0-9]/g, "")}`;
    link.className = "dial";
    link.dir = "ltr";
    link.textContent = value;
    return link;
  }
  const element = document.createElement("bdi");
  element.dir = sign === "\u2066" ? "ltr" : "auto";
  if (digits.length === CODE_DIGITS && /^[\d ]+$/.test(value)) element.className = "code";
  element.textContent = value;
  return element;
}

function choices(
  message: Message,
  label: string,
  press: (key: string, turn: number, label: string) => void,
): HTMLElement {
  const group = document.createElement("div");
  group.className = "choices";
  group.dir = message.dir;
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  const offered = message.private === undefined ? [] : [[{ key: PRIVATE, label: message.private.label, danger: false }]];
  for (const row of [...offered, ...message.rows]) {
    const line = document.createElement("div");
    line.className = "row";
    for (const choice of row) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = choice.label;
      button.dataset.key = choice.key;
      const label = message.labels?.[choice.key];
      if (label !== undefined) button.dataset.label = label;
      if (choice.danger) button.classList.add("danger");
      button.addEventListener("click", () => press(choice.key, message.turn, choice.label));
      line.append(button);
    }
    group.append(line);
  }
  return group;
}
