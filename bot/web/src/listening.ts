// Plays the recordings of the newest message, one after another, and shows which words are being heard.
// Nothing plays by itself: only a press on "listen" starts it, and leaving or the next message ends it at once.

import { byId } from "./dom";

/** What to play: ids of texts; `note` stands beside a computer's voice. */
export interface Speak {
  lang: string;
  lines: string[];
  labels: string[];
  note: string;
}

interface Step {
  id: string;
  marked: HTMLElement[];
}

export class Player {
  private readonly box = byId("player");
  private readonly sound = byId<HTMLAudioElement>("sound");
  private readonly hush = byId<HTMLButtonElement>("hush");
  private readonly note = byId("voice-note");
  private queue: Step[] = [];
  private lang = "";
  private asked: HTMLElement | null = null;

  /** `talk`: where messages stand; `address`: of the clips; `failed`: says that nothing can be heard. */
  constructor(
    private readonly talk: HTMLElement,
    private readonly address: string,
    private readonly failed: () => void,
  ) {
    this.sound.addEventListener("ended", () => this.next());
    this.sound.addEventListener("error", () => this.broken());
    this.hush.addEventListener("click", () => this.stop());
  }

  /** Play from the first line; pressed again it begins anew. */
  play(speak: Speak): void {
    this.stop();
    this.asked = document.activeElement as HTMLElement | null;
    this.lang = speak.lang;
    this.note.textContent = speak.note;
    this.note.hidden = speak.note === "";
    this.queue = [
      ...speak.lines.map((id) => ({ id, marked: this.newest("data-line", id) })),
      ...speak.labels.map((id) => ({ id, marked: this.newest("data-label", id) })),
    ];
    this.box.hidden = false;
    this.next();
  }

  /** Silence, at once, and no trace of what was heard; whoever used the controls goes on at the button. */
  stop(): void {
    const inside = this.box.contains(document.activeElement);
    this.queue = [];
    this.mark([]);
    this.sound.pause();
    if (this.sound.hasAttribute("src")) {
      this.sound.removeAttribute("src");
      this.sound.load();
    }
    this.box.hidden = true;
    if (inside && this.asked?.isConnected) this.asked.focus();
    else if (inside) this.talk.focus({ preventScroll: true });
  }

  private next(): void {
    const step = this.queue.shift();
    if (step === undefined) {
      this.stop();
      return;
    }
    this.mark(step.marked);
    this.sound.src = `${this.address}/${encodeURIComponent(this.lang)}/${encodeURIComponent(step.id)}.ogg`;
    // Paused before it began (the next message came, or the page was left): not a fault.
    this.sound.play().catch((fault: unknown) => {
      if (!(fault instanceof DOMException && fault.name === "AbortError")) this.broken();
    });
  }

  private broken(): void {
    if (!this.sound.hasAttribute("src")) return; // silence was asked for
    this.stop();
    this.failed();
  }

  /** The last element with this mark, and its neighbours of the same text: a text may have several paragraphs. */
  private newest(name: string, id: string): HTMLElement[] {
    const all = [...this.talk.querySelectorAll<HTMLElement>(`[${name}]`)].filter((one) => one.getAttribute(name) === id);
    const last = all[all.length - 1];
    return all.filter((one) => one.parentElement === last?.parentElement);
  }

  private mark(elements: HTMLElement[]): void {
    for (const one of this.talk.querySelectorAll(".heard")) one.classList.remove("heard");
    for (const one of elements) one.classList.add("heard");
    elements[0]?.scrollIntoView({ block: "nearest" });
  }
}
