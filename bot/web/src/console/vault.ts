// The console's side of the vault: asks, waits, and hears when the vault has locked itself (D13).

import { startWorker } from "../dom.ts";

interface Waiting {
  resolve(answer: Record<string, unknown>): void;
  reject(refusal: VaultRefused): void;
}

/** This many of the vault's own limit a minute are ours to use: a page that only reads never reaches it (S28). */
const PACE = 110;
const MINUTE_MS = 60_000;

/** Why the vault did not do it: "locked", "pace" (asked too often, and locked), "wrong" (does not open) or "ask" (not understood). */
export class VaultRefused extends Error {
  constructor(readonly why: string) {
    super(why);
  }
}

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, Waiting>();

/** When slots were opened in the last minute. */
let opened: number[] = [];

/** Called when the key was removed from memory: "idle", "asked", or "pace" where it was asked for more than anybody reads. */
let onLocked: (why: string) => void = () => undefined;
/** Called when opening has to wait a moment. */
let onWaiting: () => void = () => undefined;
/** Called with how often the key was used in the last minute. */
let onUsed: (count: number, most: number) => void = () => undefined;

/** Who is told of them. */
export function listen(locked: (why: string) => void, used: (count: number, most: number) => void, waits: () => void): void {
  onLocked = locked;
  onUsed = used;
  onWaiting = waits;
}

/** Start an empty vault; one that is open is thrown away with everything in it. */
export function start(url: string): void {
  stop();
  worker = startWorker(url);
  worker.addEventListener("message", (event: MessageEvent<Record<string, unknown>>) => hear(event.data));
  worker.addEventListener("error", () => failAll("locked"));
}

/** End the worker: its memory goes with it. */
export function stop(): void {
  worker?.terminate();
  worker = null;
  failAll("locked");
}

export const isOpen = (): boolean => worker !== null;

/** Send one ask; resolves with the vault's answer.  Opening keeps below the vault's pace, and waits where it must. */
export async function ask(what: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const running = worker;
  if (what === "open") await paced();
  if (running === null || running !== worker) throw new VaultRefused("locked");
  const n = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(n, { resolve, reject });
    running.postMessage({ n, ask: what, ...fields });
  });
}

async function paced(): Promise<void> {
  for (let told = false; ; told = true) {
    const now = Date.now();
    opened = opened.filter((at) => now - at < MINUTE_MS);
    const first = opened[0];
    if (opened.length < PACE || first === undefined) break;
    if (!told) onWaiting();
    await new Promise((after) => setTimeout(after, first + MINUTE_MS - now));
  }
  opened.push(Date.now());
}

function hear(answer: Record<string, unknown>): void {
  if (answer.tell === "locked") {
    stop();
    onLocked(String(answer.why));
    return;
  }
  if (typeof answer.used === "number" && typeof answer.most === "number") onUsed(answer.used, answer.most);
  const asker = waiting.get(answer.n as number);
  waiting.delete(answer.n as number);
  if (typeof answer.refused === "string") asker?.reject(new VaultRefused(answer.refused));
  else asker?.resolve(answer);
}

function failAll(why: string): void {
  for (const asker of waiting.values()) asker.reject(new VaultRefused(why));
  waiting.clear();
}
