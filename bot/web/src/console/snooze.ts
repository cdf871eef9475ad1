// Asks to which day a case is put off; the morning of that day, where the officer is.

import { byId, part } from "../dom.ts";

const MORNING = 8;

/** Seconds since the epoch, or null where nothing was chosen.  `now`: the server's time. */
export function untilWhen(now: number): Promise<number | null> {
  const box = byId<HTMLDialogElement>("snooze");
  const days = [...box.querySelectorAll<HTMLButtonElement>("[data-days]")];
  return new Promise((resolve) => {
    for (const one of days) one.onclick = (): void => box.close(one.dataset.days);
    part(box, "no").onclick = (): void => box.close("");
    box.onclose = (): void => resolve(box.returnValue === "" ? null : morningIn(Number(box.returnValue), now));
    box.returnValue = "";
    box.showModal();
    days[0]?.focus();
  });
}

function morningIn(days: number, now: number): number {
  const day = new Date(now * 1000);
  day.setDate(day.getDate() + days);
  day.setHours(MORNING, 0, 0, 0);
  return Math.floor(day.getTime() / 1000);
}
