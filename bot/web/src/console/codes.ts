// One-time codes at signing in, where the operator allows them: the part of the form, and the secret shown once.

import { byId, part, say, visible } from "../dom.ts";
import { post } from "./net.ts";
import type { Session } from "./shapes.ts";

/** `squares`: a path of dark squares, `size` of them across. */
interface Fresh {
  secret: string;
  size: number;
  squares: string;
}

const PATH = /^(?:M\d+ \d+h1v1h-1z)*$/;

let box: HTMLElement | null = null;
let code: HTMLInputElement | null = null;

/** Does nothing where the page has no such part. */
export function prepare(gate: HTMLElement, press: { enter(): void; first(): void }): void {
  box = gate.querySelector<HTMLElement>("[data-part=codes]");
  if (box === null) return;
  code = byId<HTMLInputElement>("code");
  part(box, "code-go").addEventListener("click", press.enter);
  part(box, "code-first").addEventListener("click", press.first);
  code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    press.enter();
  });
}

export function offer(now: boolean): void {
  if (box !== null) visible(box, now);
}

/** Whether the officer opened this part of the form. */
export const offered = (): boolean => box instanceof HTMLDetailsElement && box.open;

export const typed = (): string => code?.value.trim() ?? "";

/** The answer is an unlocked session. */
export async function enter(login: string, proof: string): Promise<Session> {
  const session = await post<Session>("codes/sign-in", { login, proof, code: typed() });
  forget();
  return session;
}

/** Show the secret of somebody who has no codes yet; the first code makes it count. */
export async function first(login: string, proof: string): Promise<void> {
  if (box === null) return;
  const fresh = await post<Fresh>("codes/first", { login, proof });
  draw(part(box, "squares"), fresh);
  say(part(box, "letters"), fresh.secret);
  visible(part(box, "code-new"), true);
  part(box, "code-scan").focus();
}

/** Nothing of the secret stays on the page. */
export function forget(): void {
  if (box === null || code === null) return;
  code.value = "";
  visible(part(box, "code-new"), false);
  say(part(box, "letters"), "");
  part(box, "squares").firstElementChild?.removeAttribute("d");
}

function draw(squares: Element, fresh: Fresh): void {
  if (!PATH.test(fresh.squares)) return;
  squares.setAttribute("viewBox", `0 0 ${fresh.size} ${fresh.size}`);
  squares.firstElementChild?.setAttribute("d", fresh.squares);
}
