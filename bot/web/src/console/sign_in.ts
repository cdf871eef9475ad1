// Signing in and unlocking: the pass phrase goes into the vault, a proof of it to the server, itself nowhere.

import { byId, part, say, visible } from "../dom.ts";
import { get, post, Refused, setToken } from "./net.ts";
import * as codes from "./codes.ts";
import { enrol, present } from "./passkey.ts";
import type { Session } from "./shapes.ts";
import * as renewal from "./renewal.ts";
import * as vault from "./vault.ts";
import { t } from "./words.ts";

interface Start {
  salt: string;
  cost: string;
}

type Mode = "enter" | "unlock";

const gate = byId("sign-in");
const form = part<HTMLFormElement>(gate, "form");
const login = byId<HTMLInputElement>("login");
const phrase = byId<HTMLInputElement>("phrase");

let mode: Mode = "enter";
let vaultUrl = "";
let passkeys = false;
let done: (session: Session) => void = () => undefined;

/** Wire the form once; `whenIn` is called with an unlocked session. */
export function prepare(options: { vault: string; passkeys: boolean; whenIn: (session: Session) => void }): void {
  vaultUrl = options.vault;
  passkeys = options.passkeys;
  done = options.whenIn;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
  const reveal = part<HTMLInputElement>(gate, "reveal");
  reveal.addEventListener("change", () => {
    phrase.type = reveal.checked ? "text" : "password";
  });
  if (passkeys) part(gate, "passkey").addEventListener("click", () => void passkey());
  codes.prepare(gate, { enter: () => void withCode(), first: () => void firstCodes() });
}

/** Ask who it is, or only for the pass phrase of whoever is signed in. */
export function ask(which: Mode): void {
  mode = which;
  visible(gate, true);
  visible(part(gate, "named"), which === "enter");
  if (passkeys) {
    visible(part(gate, "passkey"), which === "enter");
    visible(part(gate, "first"), which === "enter");
  }
  codes.offer(which === "enter");
  say(part(gate, "title"), t(which === "enter" ? "in.title" : "lock.title"));
  say(part(gate, "lead"), t(which === "enter" ? "in.lead" : "lock.lead"));
  say(part(gate, "go"), goName());
  say(part(gate, "error"), "");
  phrase.value = "";
  (which === "enter" && login.value === "" ? login : phrase).focus();
}

export function leave(): void {
  visible(gate, false);
  phrase.value = "";
  codes.forget();
}

function goName(): string {
  if (mode === "unlock") return t("lock.go");
  return t(passkeys ? "in.register" : "in.go");
}

async function go(): Promise<void> {
  await proven(enterWith);
}

/** Name, pass phrase and a code of the officer's app. */
async function withCode(): Promise<void> {
  await proven(async (proof) => unlock(await codes.enter(login.value.trim(), proof)));
}

/** The secret for the app; what unlocks is put away again until the first code comes. */
async function firstCodes(): Promise<void> {
  await proven(async (proof) => {
    await codes.first(login.value.trim(), proof);
    vault.stop();
  });
}

/** Stretch the pass phrase in the vault, and go on with the proof of it. */
async function proven(next: (proof: string) => Promise<void>): Promise<void> {
  const words = phrase.value;
  if (words.trim() === "" || (mode === "enter" && login.value.trim() === "")) {
    say(part(gate, "error"), t("in.wrong"));
    return;
  }
  await busy(async () => {
    vault.start(vaultUrl);
    const start = mode === "unlock" ? await get<Start>("unlock/start")
      : await post<Start>("sign-in/start", { login: login.value.trim() });
    const { proof } = await vault.ask("derive", { phrase: words, salt: start.salt, cost: start.cost });
    await next(String(proof));
  });
}

async function enterWith(proof: string): Promise<void> {
  let session: Session;
  if (mode === "unlock") {
    session = await post<Session>("unlock", { proof });
  } else if (passkeys) {
    session = await enrol(login.value.trim(), proof, codes.typed());
  } else {
    session = await post<Session>("sign-in", { login: login.value.trim(), proof });
  }
  await unlock(session);
}

async function passkey(): Promise<void> {
  await busy(async () => {
    setToken((await present()).token);
    ask("unlock");
  });
}

async function unlock(session: Session): Promise<void> {
  setToken(session.token);
  if (session.bundle !== null) {
    const { shard, wrapped, key } = session.bundle;
    await vault.ask("unlock", { shard, wrapped, key, officer: session.officer.id });
    await renewal.unlockAll(session);
  }
  leave();
  done(session);
}

async function busy(work: () => Promise<void>): Promise<void> {
  const button = part<HTMLButtonElement>(gate, "go");
  button.disabled = true;
  say(part(gate, "error"), "");
  say(part(gate, "working"), t("in.working"));
  try {
    await work();
  } catch (error) {
    vault.stop();
    if (error instanceof Refused && error.answer.error === "signed_out") ask("enter");
    say(part(gate, "error"), why(error));
    phrase.focus();
  } finally {
    button.disabled = false;
    say(part(gate, "working"), "");
  }
}

function why(error: unknown): string {
  if (error instanceof Refused && error.status === 0) return t("page.broken");
  if (error instanceof Refused && error.answer.error === "slow") return t("page.slow");
  if (error instanceof Refused && error.answer.error === "unforeseen") return t("page.unforeseen", { id: String(error.answer.id ?? "-") });
  if (error instanceof Refused && error.answer.error === "signed_out") return t("in.over");
  if (error instanceof DOMException) return t("in.passkey-failed");
  return t(mode === "enter" && codes.offered() ? "codes.wrong" : "in.wrong");
}
