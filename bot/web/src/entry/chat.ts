// The web chat: shows what the helpline says, sends what the child presses or writes, keeps nothing.
// The talk's name lives in this page's memory only; closing or leaving the page ends it.

import { byId } from "../dom";
import { leaveFast, watchForLeaving } from "../leaving";
import { Player, type Speak } from "../listening";
import { fades, PRIVATE, showMessage, type Message } from "../message";

interface Answer {
  messages: Message[];
  left: boolean;
  /** What was shown goes first: the reporter has deleted it. */
  tidy?: boolean;
  /** What would go by itself goes first: the case code was kept, or the phone is shared. */
  fade?: boolean;
  /** Seconds after which the reporter's own words go. */
  vanish?: number;
  speak?: Speak;
  page: Record<string, string>;
}

type Event =
  | { kind: "started"; hint: string; campaign: string }
  | { kind: "chose"; key: string; turn: number }
  | { kind: "wrote"; words: string }
  | { kind: "left" };

const LISTEN = "!listen";
const RETRIES_MS = [1000, 2000, 4000, 8000];

const session = randomName();
const turnAddress = document.body.dataset.turn ?? "";
const away = document.body.dataset.away ?? "/";
const report = document.body.dataset.report ?? "/report";
const pictures = document.body.dataset.pictures ?? "/pictures";
const talk = byId("talk");
const status = byId("status");
const form = byId<HTMLFormElement>("write");
const words = byId<HTMLTextAreaElement>("words");
const leaveButton = byId<HTMLButtonElement>("leave");
const player = new Player(talk, document.body.dataset.audio ?? "/audio", () => say(texts.unheard ?? "…"));
let texts: Record<string, string> = {};
let busy = false;

function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes));
}

/** A number for this event: sent again with a retry, so that one press is one step however often it arrives. */
function eventNumber(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 21) * 2 ** 32 + low;
}

async function tell(event: Event): Promise<boolean> {
  if (busy) return false;
  busy = true;
  document.body.toggleAttribute("data-busy", true);
  say("…");
  const answer = await deliver(event, eventNumber());
  busy = false;
  document.body.toggleAttribute("data-busy", false);
  if (answer === undefined) {
    say(texts.unsent ?? "…");
    return false;
  }
  say("");
  if (answer.left) {
    player.stop();
    return leaveFast(away);
  }
  if (answer.tidy === true) talk.replaceChildren();
  if (answer.fade === true) for (const element of talk.querySelectorAll("[data-fading]")) element.remove();
  for (const element of talk.querySelectorAll<HTMLElement>(".mine:not([data-fading])")) fades(element, answer.vanish);
  receive(answer);
  return true;
}

async function deliver(event: Event, number: number): Promise<Answer | undefined> {
  const body = JSON.stringify({ session, number, event });
  for (const gap of [...RETRIES_MS, -1]) {
    try {
      const response = await fetch(turnAddress, { method: "POST", headers: { "content-type": "application/json" }, body });
      if (response.ok) return (await response.json()) as Answer;
      if (response.status === 503) {
        // Nothing was kept; the words stay in the box, and the numbers are shown.
        receive((await response.json()) as Answer);
        return undefined;
      }
      if (response.status < 500) return undefined;
    } catch {
      // No network: the same event goes again with the same number.
    }
    if (gap < 0) return undefined;
    say(texts.unsent ?? "…");
    await new Promise((resolve) => setTimeout(resolve, gap));
  }
  return undefined;
}

function receive(answer: Answer): void {
  texts = answer.page;
  if (answer.speak) {
    player.play(answer.speak);
    return;
  }
  player.stop();
  const newest = answer.messages[answer.messages.length - 1];
  const spoken = document.documentElement;
  spoken.lang = newest?.lang || "ur";
  spoken.dir = newest?.dir ?? "ltr";
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    fill(element, texts[element.dataset.text ?? ""] ?? "");
  }
  words.placeholder = texts.placeholder ?? "";
  talk.setAttribute("aria-label", texts.talk ?? "");
  byId("player").setAttribute("aria-label", texts.player ?? "");
  if (newest) retireButtons();
  let shown: HTMLElement | undefined;
  for (const message of answer.messages) {
    const box = showMessage(talk, message, pictures, texts.choices ?? "", press);
    // Numbers stay in sight; else the newest message is what matters, such as the code after its reason.
    if (shown === undefined || !shown.classList.contains("kind-urgent")) shown = box;
  }
  form.hidden = false;
  leaveButton.hidden = false;
  // Only the talk scrolls: "leave fast" and the field stay where they are.
  if (shown) talk.scrollTop = shown.offsetTop - talk.offsetTop - 8;
}

/** Put a text into an element; before a language was chosen it comes in several, each line in its own direction. */
function fill(element: HTMLElement, text: string): void {
  const lines = text.split(/\n+/).map((line) => {
    const span = document.createElement("span");
    span.className = "line";
    span.dir = "auto";
    span.textContent = line;
    return span;
  });
  element.replaceChildren(...(lines.length > 1 ? lines : [text]));
}

/** Buttons of earlier messages go; whoever wants to change an answer finds "back" in the newest message. */
function retireButtons(): void {
  for (const row of talk.querySelectorAll(".choices")) row.remove();
}

function press(key: string, turn: number, label: string): void {
  if (key === "!leave") {
    player.stop();
    void fetch(turnAddress, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ session, number: eventNumber(), event: { kind: "left" } }),
      keepalive: true,
    }).catch(() => undefined);
    leaveFast(away);
    return;
  }
  if (key === PRIVATE) {
    // In the place of this page, not after it: "back" must not lead to what was told here.
    location.replace(`${report}?lang=${encodeURIComponent(document.documentElement.lang)}`);
    return;
  }
  if (busy) return;
  if (key === LISTEN) {
    void tell({ kind: "chose", key, turn }); // nothing is said, so nothing moves: the focus stays on the button
    return;
  }
  echo(label);
  void tell({ kind: "chose", key, turn }).then(() => talk.focus({ preventScroll: true }));
}

/** What the child pressed or wrote, on their own side of the page. */
function echo(text: string): HTMLElement {
  const mine = document.createElement("p");
  mine.className = "message mine";
  mine.dir = "auto";
  const who = document.createElement("span");
  who.className = "unseen";
  who.textContent = `${texts.you ?? ""}: `;
  mine.append(who, text);
  talk.append(mine);
  return mine;
}

function say(text: string): void {
  status.textContent = text;
}

/** The field grows with what is written, up to a third of the screen. */
function fitWords(): void {
  words.style.height = "auto";
  words.style.height = `${Math.min(words.scrollHeight + 4, window.innerHeight / 3)}px`;
}

async function send(): Promise<void> {
  const written = words.value.trim();
  if (written === "" || busy) return;
  const mine = echo(written);
  if (await tell({ kind: "wrote", words: written })) {
    words.value = "";
    fitWords();
  } else {
    mine.remove(); // not sent: the words stay in the box
  }
  words.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});
words.addEventListener("input", fitWords);
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    void send();
  }
});
leaveButton.addEventListener("click", () => press("!leave", 0, ""));
watchForLeaving(() => press("!leave", 0, ""));

// A poster's link carries its campaign behind "#", which is never sent with the address; it goes from there at once.
const campaign = /^#[\w-]{1,64}$/.test(location.hash) ? location.hash.slice(1) : "";
if (location.hash !== "") history.replaceState(null, "", location.pathname);
void tell({ kind: "started", hint: navigator.language.slice(0, 16), campaign });
