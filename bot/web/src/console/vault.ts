// The console's side of the vault: asks, waits, and hears when the vault has locked itself (D13).

import { startWorker } from "../dom.ts";

interface Waiting {
  resolve(answer: Record<string, unknown>): void;
  reject(refusal: VaultRefused): void;
}

/** Why the vault did not do it: "locked", "slow", "wrong" (does not open) or "ask" (not understood). */
export class VaultRefused extends Error {
  constructor(readonly why: string) {
    super(why);
  }
}

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, Waiting>();

/** Called when the key was removed from memory, by the clock or by the officer. */
let onLocked: () => void = () => undefined;
/** Called with how often the key was used in the last minute. */
let onUsed: (count: number, most: number) => void = () => undefined;

/** Who is told of both. */
export function listen(locked: () => void, used: (count: number, most: number) => void): void {
  onLocked = locked;
  onUsed = used;
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

/** Send one ask; resolves with the vault's answer. */
export function ask(what: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const running = worker;
  if (running === null) return Promise.reject(new VaultRefused("locked"));
  const n = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(n, { resolve, reject });
    running.postMessage({ n, ask: what, ...fields });
  });
}

function hear(answer: Record<string, unknown>): void {
  if (answer.tell === "locked") {
    stop();
    onLocked();
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
