// A voice note, heard in a frame without our origin: it is opened here, handed over as bytes, and can reach nothing (S33).

import { say } from "../dom.ts";
import { warn, wordsFor } from "./notice.ts";
import type { Voice } from "./opening.ts";
import { t } from "./words.ts";
import type { Bytes } from "../sealing/bytes.ts";

const SECONDS_A_MINUTE = 60;

/** A button that becomes a player; `hear` opens the sound, once the button was pressed. */
export function listenButton(voice: Voice, hear: () => Promise<Bytes>): HTMLElement {
  const box = document.createElement("div");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "listen";
  say(button, t("case.listen", { time: clockOf(voice.seconds) }));
  button.addEventListener("click", () => void listen(box, button, voice.type, hear));
  box.append(button);
  return box;
}

async function listen(box: HTMLElement, button: HTMLButtonElement, type: string, hear: () => Promise<Bytes>): Promise<void> {
  button.disabled = true;
  try {
    box.replaceChildren(player(box, type, await hear()));
  } catch (error) {
    button.disabled = false;
    warn(wordsFor(error));
  }
}

function player(box: HTMLElement, type: string, sound: Bytes): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.className = "player";
  frame.title = t("case.voice");
  frame.setAttribute("sandbox", "allow-scripts");
  const hear = (event: MessageEvent<unknown>): void => {
    if (event.source !== frame.contentWindow) return;
    if (event.data === "ready") frame.contentWindow?.postMessage({ sound: sound.buffer, type, label: t("case.voice") }, "*", [sound.buffer]);
    else if (event.data === "unheard") {
      const sorry = document.createElement("p");
      sorry.className = "hint";
      say(sorry, t("case.unheard"));
      box.replaceChildren(sorry);
    } else if (event.data === "heard") frame.focus();
    if (event.data !== "ready") removeEventListener("message", hear);
  };
  addEventListener("message", hear);
  frame.src = document.querySelector<HTMLMetaElement>('meta[name="player"]')?.content ?? "";
  return frame;
}

function clockOf(seconds: number): string {
  return `${Math.floor(seconds / SECONDS_A_MINUTE)}:${String(seconds % SECONDS_A_MINUTE).padStart(2, "0")}`;
}
