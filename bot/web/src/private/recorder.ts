// A voice of one's own: recorded in this page, heard again and deleted before sending, and kept in its memory only.

import type { Bytes } from "../sealing/bytes.ts";
import { button, filled } from "./pieces.ts";

export interface Sound {
  readonly bytes: Bytes;
  readonly type: string;
  readonly seconds: number;
}

/** The list in `told` changes with what is recorded and deleted. */
export interface Recording {
  readonly told: Sound[];
  /** Bytes of what the whole report holds already. */
  readonly held: () => number;
  readonly most: { readonly seconds: number; readonly bytes: number };
  readonly t: (id: string) => string;
  readonly say: (text: string) => void;
}

/** The first of these that the browser records; each is played by any browser an officer may have. */
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const BITS_PER_SECOND = 24_000;
const SECONDS_A_MINUTE = 60;

/** Nothing, where the browser cannot record. */
export function recorderOf(recording: Recording): HTMLElement[] {
  const type = typeof MediaRecorder === "undefined" ? undefined : TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  if (type === undefined || !("mediaDevices" in navigator)) return [];
  const box = document.createElement("div");
  box.className = "recorder";
  idle(box, recording, type);
  return [box];
}

/** The microphone is on; leaving the step turns it off. */
let running: { readonly recorder: MediaRecorder; readonly taken: Promise<void> } | undefined;

/** Turn it off, if it is on; what was said until now is in the list then. */
export async function stopRecording(): Promise<void> {
  const now = running;
  if (now?.recorder.state === "recording") now.recorder.stop();
  await now?.taken;
}

function idle(box: HTMLElement, recording: Recording, type: string): void {
  const { t, told } = recording;
  const record = button({ label: t("private.record"), key: "record", press: () => void begin(box, recording, type) });
  const heard = told.map((sound, at) => {
    const item = document.createElement("li");
    const player = document.createElement("audio");
    player.controls = true;
    player.setAttribute("controlslist", "nodownload noplaybackrate"); // a file on a shared phone would stay there
    player.src = URL.createObjectURL(new Blob([sound.bytes], { type: sound.type }));
    player.setAttribute("aria-label", t("private.voice"));
    item.append(player, button({ label: t("private.record-away"), key: `away:${at}`, press: () => { told.splice(at, 1); idle(box, recording, type); } }));
    return item;
  });
  const list = document.createElement("ul");
  list.append(...heard);
  box.replaceChildren(...(heard.length > 0 ? [list] : []), record);
}

async function begin(box: HTMLElement, recording: Recording, type: string): Promise<void> {
  const { t, say } = recording;
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    say(t("private.no-microphone"));
    return;
  }
  if (!box.isConnected) { // gone elsewhere while the phone asked: nothing is heard there
    for (const track of stream.getTracks()) track.stop();
    return;
  }
  say("");
  const parts: Blob[] = [];
  const began = Date.now();
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  let done = (): void => undefined;
  running = { recorder, taken: new Promise((resolve) => { done = resolve; }) };
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    running = undefined;
    const seconds = Math.min(recording.most.seconds, Math.max(1, Math.round((Date.now() - began) / 1000)));
    void take(parts, { type: type.split(";", 1)[0] ?? type, seconds }, recording).then(() => idle(box, recording, type)).finally(done);
  });
  recorder.start();
  const clock = document.createElement("p");
  clock.className = "progress";
  clock.setAttribute("role", "timer");
  const stop = button({ label: t("private.record-stop"), key: "record-stop", main: true, press: () => recorder.stop() });
  box.replaceChildren(clock, stop);
  stop.focus();
  const tick = (): void => {
    if (recorder.state !== "recording") return;
    const seconds = Math.floor((Date.now() - began) / 1000);
    const left = Math.max(0, recording.most.seconds - seconds);
    clock.textContent = filled(t("private.recording"), { time: clockOf(seconds), left: clockOf(left) });
    if (left === 0) recorder.stop();
    else setTimeout(tick, 250);
  };
  tick();
}

async function take(parts: Blob[], kind: Omit<Sound, "bytes">, recording: Recording): Promise<void> {
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  if (bytes.length === 0) recording.say(recording.t("private.no-microphone"));
  else if (recording.held() + bytes.length > recording.most.bytes) recording.say(recording.t("private.record-full"));
  else recording.told.push({ bytes, ...kind });
}

function clockOf(seconds: number): string {
  return `${Math.floor(seconds / SECONDS_A_MINUTE)}:${String(seconds % SECONDS_A_MINUTE).padStart(2, "0")}`;
}
