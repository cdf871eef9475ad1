// Keys of the queue: off while somebody types, off in a dialog, and off altogether where the officer says so (WCAG 2.1.4).

import { byId, part } from "../dom.ts";

const SETTING = "hamrah.single-keys";

/** Key → what it does. */
export type Keys = Readonly<Record<string, () => void>>;

/** Listen for keys, and wire the key map. */
export function prepare(keys: Keys): void {
  const map = byId<HTMLDialogElement>("keys");
  const single = part<HTMLInputElement>(map, "single");
  single.checked = remembered() !== "off";
  single.addEventListener("change", () => remember(single.checked ? "on" : "off"));
  part(map, "close").addEventListener("click", () => map.close());
  part(byId("me"), "keys").addEventListener("click", () => map.showModal());
  document.addEventListener("keydown", (event) => {
    const deed = keys[event.key];
    if (deed === undefined || !single.checked || busy(event)) return;
    event.preventDefault();
    deed();
  });
}

export const openMap = (): void => byId<HTMLDialogElement>("keys").showModal();

function busy(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const typing = target.isContentEditable === true || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
  const inDialog = document.querySelector("dialog[open]") !== null;
  return typing || inDialog || byId("desk").hidden !== false || event.ctrlKey || event.metaKey || event.altKey;
}

// The setting alone is kept in the browser; a browser that keeps nothing forgets it, and that is all.
function remembered(): string | null {
  try {
    return window.localStorage.getItem(SETTING);
  } catch {
    return null;
  }
}

function remember(value: string): void {
  try {
    window.localStorage.setItem(SETTING, value);
  } catch {
    return;
  }
}
