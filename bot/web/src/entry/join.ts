// Becoming an officer: the invitation stands in the fragment, which no server sees and which leaves the address at once.
// Keys and pass phrase are made in the vault; the words are shown once, and typed again before anything is kept.

import { byId, part, say, visible } from "../dom.ts";
import { get, post, Refused, setBase } from "../console/net.ts";
import { fingerprintOf } from "../console/fingerprint.ts";
import * as vault from "../console/vault.ts";
import { language, learn, t } from "../console/words.ts";
import { fromBase64 } from "../sealing/bytes.ts";
import { readPassphrase } from "../sealing/passphrase.ts";

const EPOCH_S = 90 * 86_400;

interface Invited {
  login: string;
  name: string;
  reads: boolean;
  deployment: string;
  cost: string;
  now: number;
}

const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
const steps = ["void", "begin", "words", "done"] as const;

let token = "";
let invited: Invited | null = null;
let made: Record<string, unknown> = {};
let span = { starts: 0, ends: 0 };

async function main(): Promise<void> {
  token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  setBase(meta("base"));
  learn((await get<{ texts: Record<string, string> }>(`words/${language()}`)).texts);
  part(byId("begin"), "go").addEventListener("click", () => void busy(begin));
  part(byId("words"), "form").addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(keep);
  });
  await busy(look);
}

async function look(): Promise<void> {
  try {
    invited = await post<Invited>("join/look", { token });
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 0) throw error;
    step("void");
    return;
  }
  say(part(byId("begin"), "name"), invited.name);
  say(part(byId("begin"), "login"), invited.login);
  step("begin");
}

async function begin(): Promise<void> {
  if (invited === null) return;
  vault.start(meta("worker"));
  span = { starts: invited.now, ends: invited.now + EPOCH_S };
  made = await vault.ask("found", { deployment: invited.deployment, officer: invited.login, cost: invited.cost, ...span });
  say(part(byId("words"), "phrase"), String(made.phrase));
  step("words");
  byId("words-title").focus();
}

/** Only words that were written down right lead on: nobody can tell them again. */
async function keep(): Promise<void> {
  if (invited === null) return;
  if (readPassphrase(byId<HTMLInputElement>("again").value) !== made.phrase) {
    say(byId("error"), t("join.not-same"));
    return;
  }
  const { salt, proof, key, public: publicKey, signing, signature } = made;
  const body: Record<string, unknown> = { token, salt, proof };
  if (invited.reads) {
    const { shard } = await post<{ shard: string }>("join/shard", { token, key });
    const { wrapped } = await vault.ask("wrap", { shard });
    Object.assign(body, { signing, public: publicKey, signature, wrapped, ...span });
  }
  await post("join/done", body);
  vault.stop();
  visible(part(byId("done"), "reader"), invited.reads);
  const print = await fingerprintOf(invited.login, fromBase64(String(signing)), fromBase64(String(publicKey)));
  say(part(byId("done"), "fingerprint"), print);
  say(part(byId("words"), "phrase"), "");
  byId<HTMLInputElement>("again").value = "";
  made = {};
  step("done");
  byId("done-title").focus();
}

function step(now: (typeof steps)[number]): void {
  for (const one of steps) visible(byId(one), one === now);
}

async function busy(work: () => Promise<void>): Promise<void> {
  const buttons = document.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  say(byId("error"), "");
  say(byId("working"), t("join.working"));
  try {
    await work();
  } catch (error) {
    say(byId("error"), error instanceof Refused && error.status === 0 ? t("page.broken") : t("join.failed"));
  } finally {
    for (const button of buttons) button.disabled = false;
    say(byId("working"), "");
  }
}

void main();
