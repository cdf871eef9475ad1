// The parts of the open case beside its messages, shown and taken away together.

import * as alike from "./alike.ts";
import * as exporting from "./exporting.ts";
import { letGo, type Held } from "./held.ts";
import * as notes from "./notes.ts";
import * as plan from "./plan.ts";
import * as sharing from "./sharing.ts";
import * as story from "./story.ts";
import { clearTimeline, showTimeline } from "./timeline.ts";

export { focusNote } from "./notes.ts";
export { toggleVeil } from "./story.ts";

/** Wire every part once. */
export function prepareWork(): void {
  notes.prepare();
  sharing.prepare();
  story.prepare();
  plan.prepare();
  alike.prepare();
  exporting.prepare();
}

/** Show everything of the case; `fresh`: another case was opened. */
export function showWork(held: Held, fresh: boolean): void {
  notes.showNotes(held, fresh);
  sharing.showSharing(held, fresh);
  story.showStory(held, fresh);
  plan.showPlan(held, fresh);
  alike.showAlike(held, fresh);
  exporting.showExporting(held, fresh);
  showTimeline(held);
}

/** Nothing of a case stays on the page. */
export function clearWork(): void {
  letGo();
  notes.clearNotes();
  sharing.clearSharing();
  story.clearStory();
  plan.clearPlan();
  alike.clearAlike();
  exporting.clearExporting();
  clearTimeline();
}
