// The page of a text's recording with a script: record or choose a file, hear it, and put it into the form.

import { clipOf, Unfit, type Clip } from "../voicing/making.ts";

const MOST_BYTES = 256 * 1024;

const form = document.querySelector<HTMLFormElement>("#voice");
if (form) begin(form);

function begin(form: HTMLFormElement): void {
  for (const part of document.querySelectorAll<HTMLElement>(".scripted")) part.hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>(".unscripted")) part.hidden = true;
  const record = byId<HTMLButtonElement>("record");
  if (typeof MediaRecorder === "undefined" || !("mediaDevices" in navigator)) record.hidden = true;
  record.addEventListener("click", () => void speak(form));
  const file = byId<HTMLInputElement>("file");
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen) void take(form, chosen, true);
  });
}

async function speak(form: HTMLFormElement): Promise<void> {
  tell("");
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  } catch {
    return tell(form.dataset["noMicrophone"] ?? "");
  }
  const parts: Blob[] = [];
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 96_000 }); // it is coded once more, so finer than it will be
  const stop = byId<HTMLButtonElement>("stop");
  const record = byId<HTMLButtonElement>("record");
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    stop.hidden = true;
    record.hidden = false;
    byId("clock").textContent = "";
    record.focus();
    void take(form, new Blob(parts, { type: recorder.mimeType }), false);
  });
  stop.onclick = (): void => recorder.stop();
  recorder.start();
  record.hidden = true;
  stop.hidden = false;
  stop.focus();
  const began = Date.now();
  const tick = (): void => {
    if (recorder.state !== "recording") return;
    const seconds = Math.floor((Date.now() - began) / 1000);
    byId("clock").textContent = (form.dataset["recording"] ?? "").replace("{count}", String(seconds));
    if (seconds >= Number(form.dataset["longest"])) recorder.stop();
    else setTimeout(tick, 250);
  };
  tick();
}

async function take(form: HTMLFormElement, file: Blob, ready: boolean): Promise<void> {
  byId("made").hidden = true;
  let clip: Clip;
  try {
    clip = await clipOf(file, ready);
  } catch (fault) {
    if (!(fault instanceof Unfit)) throw fault;
    return tell(form.dataset[fault.why] ?? "");
  }
  if (clip.bytes.length > MOST_BYTES) return tell(form.dataset["noLarge"] ?? "");
  field(form, "sound").value = base64(clip.bytes);
  field(form, "level").value = String(clip.level);
  const hear = byId<HTMLAudioElement>("hear");
  URL.revokeObjectURL(hear.src);
  hear.src = URL.createObjectURL(new Blob([clip.bytes], { type: "audio/ogg" }));
  const told = (form.dataset["level"] ?? "").replace("{count}", String(clip.level));
  tell(told.replace("{seconds}", String(Math.ceil(clip.seconds))));
  byId("made").hidden = false;
}

function tell(words: string): void {
  byId("told").textContent = words;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  if (!found) throw new Error(`no field ${name}`);
  return found;
}

function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found as T;
}
