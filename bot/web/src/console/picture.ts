// A picture, looked at in a frame without our origin: fetched when somebody decides to, blurred until it is pressed again (S33).

import { say } from "../dom.ts";
import { MOST_EDGE, barePicture, type Bare } from "../jpeg.ts";
import type { Bytes } from "../sealing/bytes.ts";
import { warn, wordsFor } from "./notice.ts";
import { t } from "./words.ts";

/** What to know before looking, and the button; `look` fetches and opens, once it was pressed. */
export function pictureBox(look: () => Promise<Bytes>): HTMLElement {
  const box = document.createElement("div");
  closed(box, look);
  return box;
}

function closed(box: HTMLElement, look: () => Promise<Bytes>): void {
  const open = button("case.picture-look", () => void show(box, open, look));
  box.replaceChildren(hint("case.picture-warning"), open);
}

async function show(box: HTMLElement, open: HTMLButtonElement, look: () => Promise<Bytes>): Promise<void> {
  open.disabled = true;
  try {
    const bare = barePicture(await look());
    if (bare === undefined || Math.max(bare.width, bare.height) > MOST_EDGE) box.replaceChildren(hint("case.picture-broken"));
    else opened(box, look, bare);
  } catch (error) {
    open.disabled = false;
    warn(wordsFor(error));
  }
}

function opened(box: HTMLElement, look: () => Promise<Bytes>, { bytes }: Bare): void {
  const frame = document.createElement("iframe");
  frame.className = "viewer";
  frame.title = t("case.picture");
  frame.setAttribute("sandbox", "allow-scripts");
  let clear = false;
  const blur = button("case.picture-clear", () => {
    clear = !clear;
    say(blur, t(clear ? "case.picture-blur" : "case.picture-clear"));
    frame.contentWindow?.postMessage({ clear }, "*");
  });
  blur.hidden = true;
  const hear = ({ source, data }: MessageEvent<unknown>): void => {
    if (source !== frame.contentWindow) return;
    if (data === "ready") {
      frame.contentWindow?.postMessage({ picture: bytes.buffer, label: t("case.picture") }, "*", [bytes.buffer]);
      return;
    }
    removeEventListener("message", hear);
    if (data === "seen") {
      blur.hidden = false;
      blur.focus();
    } else box.replaceChildren(hint("case.picture-broken"));
  };
  addEventListener("message", hear);
  frame.src = document.querySelector<HTMLMetaElement>('meta[name="viewer"]')?.content ?? "";
  const away = button("case.picture-away", () => {
    removeEventListener("message", hear);
    closed(box, look);
    box.querySelector("button")?.focus();
  });
  box.replaceChildren(hint("case.picture-warning"), frame, blur, away);
}

function button(words: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "listen";
  say(made, t(words));
  made.addEventListener("click", press);
  return made;
}

function hint(words: string): HTMLElement {
  const made = document.createElement("p");
  made.className = "hint";
  say(made, t(words));
  return made;
}
