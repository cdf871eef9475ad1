// Asks to which day a case is put off (the morning of that day, where the officer is), or for how many hours it is quiet.

import { byId, part } from "../dom.ts";

const MORNING = 8;

/** Seconds since the epoch, or null where nothing was chosen.  `now`: the server's time. */
export function untilWhen(now: number, deed: "snooze" | "quiet"): Promise<number | null> {
  const box = byId<HTMLDialogElement>(deed);
  const offered = [...box.querySelectorAll<HTMLButtonElement>("[data-wait]")];
  const then = deed === "snooze" ? morningIn : hoursFrom;
  return new Promise((resolve) => {
    for (const one of offered) one.onclick = (): void => box.close(one.dataset.wait);
    part(box, "no").onclick = (): void => box.close("");
    box.onclose = (): void => resolve(box.returnValue === "" ? null : then(Number(box.returnValue), now));
    box.returnValue = "";
    box.showModal();
    offered[0]?.focus();
  });
}

const hoursFrom = (hours: number, now: number): number => Math.floor(now) + hours * 3600;

function morningIn(days: number, now: number): number {
  const day = new Date(now * 1000);
  day.setDate(day.getDate() + days);
  day.setHours(MORNING, 0, 0, 0);
  return Math.floor(day.getTime() / 1000);
}
