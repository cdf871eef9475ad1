// Why something was not sealed or opened.  Messages hold ids and sizes, never words of a reporter.

/** The same names as the errors of the Python side (bot/core/errors.py). */
export type Why =
  | "TooLong"
  | "NotText"
  | "Unknown"
  | "Damaged"
  | "NotMine"
  | "RosterForged"
  | "RosterExpired"
  | "RosterSuperseded"
  | "RosterMalformed";

export class SealingError extends Error {
  readonly why: Why;

  constructor(why: Why, message: string) {
    super(message);
    this.name = "SealingError";
    this.why = why;
  }
}
