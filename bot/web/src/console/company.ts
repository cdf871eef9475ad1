// Colleagues at the same case: says that it is open here, and shows who else has it open.  Nothing of what is read or written.

import { byId, part, say, visible } from "../dom.ts";
import * as names from "./names.ts";
import { post } from "./net.ts";
import { t } from "./words.ts";

/** The server forgets whoever says nothing for 45 s. */
const EVERY_MS = 15_000;
const TYPING_EVERY_MS = 5_000;

const pane = byId("case");
let open = "";
let timer = 0;
let typedAt = 0;
let shown = "";

/** Wire the pane once: typing anywhere in the case counts. */
export function prepare(): void {
  pane.addEventListener("input", () => {
    if (Date.now() - typedAt < TYPING_EVERY_MS) return;
    typedAt = Date.now();
    void join(true);
  });
  window.addEventListener("pagehide", () => leave());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void join(false);
  });
}

/** The case `id` is open here from now on. */
export function arrive(id: string): void {
  if (open === id) return;
  leave();
  open = id;
  void join(false);
  timer = window.setInterval(() => void join(false), EVERY_MS);
}

/** It is closed; colleagues need not wait until that is forgotten. */
export function leave(): void {
  window.clearInterval(timer);
  if (open !== "") void post(`case/${open}/company/leave`, {}, "", { keepalive: true }).catch(() => undefined);
  open = "";
  show([], []);
}

/** The key is locked or the session over: there is nobody to say it to. */
export function forget(): void {
  window.clearInterval(timer);
  open = "";
  show([], []);
}

/** What the server told of colleagues at the case `id`. */
export function here(id: string, viewing: readonly string[], typing: readonly string[]): void {
  if (id === open) show(viewing.filter((one) => !typing.includes(one)), typing);
}

/** A page in the background is nobody at the case. */
async function join(typing: boolean): Promise<void> {
  if (open === "" || document.visibilityState === "hidden") return;
  await post(`case/${open}/company/join`, { typing }).catch(() => undefined);
}

function show(viewing: readonly string[], typing: readonly string[]): void {
  const lines = [["company.typing", typing], ["company.viewing", viewing]] as const;
  const words = lines.filter(([, who]) => who.length > 0).map(([id, who]) => t(id, { names: listed(who) })).join(" · ");
  if (words === shown) return; // a screen reader says it once
  shown = words;
  say(part(pane, "company"), words);
  visible(part(pane, "company"), words !== "");
}

const listed = (who: readonly string[]): string =>
  new Intl.ListFormat(document.documentElement.lang, { type: "unit" }).format(who.map(names.colleague));
