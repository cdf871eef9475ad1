// Short notices that a screen reader hears too; one dictionary says what each refusal is called.

import { byId, say } from "../dom.ts";
import { SealingError } from "../sealing/errors.ts";
import { Refused } from "./net.ts";
import { known, t } from "./words.ts";
import { VaultRefused } from "./vault.ts";

const SHOWN_MS = 8_000;
let shown = 0;

/** Good or neutral news; replaces the last one and goes by itself. */
export function tell(text: string): void {
  say(byId("trouble"), "");
  say(byId("status"), text);
  window.clearTimeout(shown);
  shown = window.setTimeout(() => say(byId("status"), ""), SHOWN_MS);
}

/** Something did not work; it stays until something else happened. */
export function warn(text: string): void {
  say(byId("status"), "");
  say(byId("trouble"), text);
}

/** What to tell a person about an error; details stay with the error. */
export function wordsFor(error: unknown): string {
  if (error instanceof VaultRefused) return t(error.why === "pace" ? "lock.pace" : "alarm.slot");
  if (error instanceof SealingError && error.why.startsWith("Roster")) return t("alarm.roster");
  if (!(error instanceof Refused)) return t("page.unforeseen", { id: "-" });
  switch (error.answer.error) {
    case "offline":
      return t("page.broken");
    case "slow":
      return t("page.slow");
    case "missing":
      return t("case.missing");
    default:
      return known(`refused.${error.answer.error}`, t("page.unforeseen", { id: String(error.answer.id ?? "-") }));
  }
}
