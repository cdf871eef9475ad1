// The private page: the report, told and sealed in this browser ("sealed on your device").
// It keeps nothing on the device, sends nothing but ciphertext, and forgets itself when it is left.

import { inMessenger, languageAsked } from "../private/launch.ts"; // before every other module
import { byId, say } from "../dom.ts";
import { leaveFast, watchForLeaving } from "../leaving.ts";
import { tellApp } from "../private/bridge.ts";
import { loadContent, type Content } from "../private/content.ts";
import { untilReached } from "../private/net.ts";
import { Page } from "../private/page.ts";
import { Trust } from "../private/trust.ts";

const given = document.body.dataset;
const report = given.report ?? "/report";
const away = given.away ?? "/";
let page: Page | undefined;

function leave(): void {
  page?.forget();
  if (inMessenger) tellApp("close");
  leaveFast(away);
}

/** Of several presses on a slow line the last one counts: what came late would begin again over what was told by then. */
let opening = 0;

async function open(lang: string): Promise<void> {
  const mine = (opening += 1);
  const content = await untilReached(() => loadContent(`${report}/content`, lang), () => undefined);
  if (mine !== opening) return;
  speak(content);
  page = new Page(
    { report, worker: given.worker ?? "", chat: given.chat ?? "/" },
    new Trust(`${report}/roster`, given.root ?? ""),
    content,
  );
  if (canSeal()) page.begin();
  else byId("page").replaceChildren(Object.assign(document.createElement("p"), { textContent: content.texts["private.cannot-seal"] }));
}

function speak(content: Content): void {
  document.documentElement.lang = content.lang;
  document.documentElement.dir = content.dir;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    say(element, content.texts[element.dataset.text ?? ""] ?? "");
  }
}

function canSeal(): boolean {
  return globalThis.isSecureContext && (globalThis.crypto as Crypto | undefined)?.subtle !== undefined && typeof BigInt === "function";
}

byId("leave").addEventListener("click", leave);
watchForLeaving(leave);
// Come back to by the "back" of a browser that kept the whole page in memory: nothing of it may show.
addEventListener("pageshow", (event) => {
  if (event.persisted) leave();
});
for (const name of ["leave", "help"]) byId(name).hidden = false;
for (const choice of document.querySelectorAll<HTMLElement>("[data-lang]")) {
  choice.addEventListener("click", () => void open(choice.dataset.lang ?? ""));
}
if (inMessenger) {
  tellApp("ready");
  tellApp("expand");
}
const offered = [...document.querySelectorAll<HTMLElement>("[data-lang]")].some((choice) => choice.dataset.lang === languageAsked);
byId("languages").hidden = false;
if (offered) void open(languageAsked);
