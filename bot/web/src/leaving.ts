// Leave fast: the page is blanked before anything else happens, then replaced, so that "back" shows nothing of it (S43).

const SHIFTS = 3;
const WITHIN_MS = 1500;

/** Blank this page and go to a harmless one.  Never returns to what was shown. */
export function leaveFast(away: string): true {
  document.title = "";
  document.body.replaceChildren();
  location.replace(away);
  return true;
}

/** Shift pressed three times in a row, alone; Esc is not used, because it stops the page from loading. */
export function watchForLeaving(leave: () => void): void {
  let presses: number[] = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = performance.now();
    presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
    if (presses.length >= SHIFTS) leave();
  });
}
