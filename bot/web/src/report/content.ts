// The report as the server exports it (bot/services/export.py): what is asked, when, and what follows from the answers.
// The same data that the chat runs on; nothing here knows a question by name but "concern" and "age".

export type Keys = readonly string[];

/** Question → keys pressed; none of them: skipped. */
export type Answers = Readonly<Record<string, Keys>>;

/** For each question named, one of these answers was pressed; an empty condition always holds. */
export type Condition = Readonly<Record<string, Keys>>;

export type Kind = "choice" | "several" | "place" | "avoid" | "words";

/** `goto`: leaves the report for that screen; `numbers`: pressing it shows the help numbers before anything else. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly goto?: string;
  readonly numbers?: boolean;
}

/** `listed`: counted, and shown in the review.  Without `skippable` its choices hold a way to say no. */
export interface Ask {
  readonly id: string;
  readonly kind: Kind;
  readonly text: string;
  readonly title: string;
  readonly choices: readonly Choice[];
  readonly when: Condition;
  readonly unless: Condition;
  readonly skippable: boolean;
  readonly listed: boolean;
  /** Never asked: only a button elsewhere fills it. */
  readonly unasked?: true;
}

export interface Rule {
  readonly when: Condition;
  readonly urgency: string;
  readonly reason: string;
}

/** `level`: 0 country, 1 province, 2 district; `within`: there are places inside it to choose from. */
export interface Place {
  readonly code: string;
  readonly parent: string;
  readonly level: number;
  readonly name: string;
  readonly common?: boolean;
  readonly within?: boolean;
}

export interface Report {
  readonly asks: readonly Ask[];
  readonly rules: readonly Rule[];
  /** Most urgent first. */
  readonly urgencies: Keys;
  /** What counts where no rule fits. */
  readonly normal: string;
  /** The questions whose answers the cover of a case repeats. */
  readonly gist: Keys;
}

/** What choosing readers needs.  `avoid`: ids of teams; `pairOnly`: a person was named, so the duty pair alone reads. */
export interface Routing {
  readonly places: Keys;
  readonly concern: string;
  readonly avoid: Keys;
  readonly pairOnly: boolean;
}
