// What the server answers, and what sealed records hold once opened.  Bytes travel as base64.

export interface Team {
  id: string;
  name: string;
}

export interface Officer {
  id: string;
  name: string;
  roles: string[];
  teams: Team[];
}

/** The parts of a wrapped key, handed out after signing in (D14). */
export interface Bundle {
  key: string;
  shard: string;
  wrapped: string;
}

export interface Session {
  officer: Officer;
  token: string;
  now: number;
  idle: number;
  deployment: string;
  root: string;
  roster: string;
  names: Record<string, string>;
  teams: Record<string, string>;
  /** The first answer to a child is made of prepared sentences. */
  prepared: boolean;
  /** Of the newest epoch. */
  bundle: Bundle | null;
  /** Of epochs whose cases are still being sealed anew. */
  older: Bundle[];
  /** The newest key ends soon: make the next one. */
  renew: boolean;
}

export interface SealedRecord {
  id: string;
  seq: number;
  kind: string;
  roster: number;
  day: number;
  previous: string;
  envelope: string;
}

export interface SealedSlot {
  key: string;
  roster: number;
  slot: string;
}

export interface CaseLine {
  id: string;
  handle: string;
  key: string;
  teams: string[];
  language: string;
  region: string;
  concern: string;
  urgency: string;
  channel: string;
  status: string;
  holder: string | null;
  hour: number;
  /** Second at which whoever works on it took it; null where that is not known. */
  since: number | null;
  version: number;
  waiting: boolean;
  /** Second to which it was put off, while it sleeps. */
  until: number | null;
  /** The reporter's words do not bring it back before. */
  quiet: boolean;
  /** Something came while it was quiet. */
  stirred: boolean;
  /** Words about the service: no report, and nobody can answer. */
  feedback: boolean;
  may: string[];
  /** What the reporter wants: "none", "stop" (taken back), "overruled" (taken back, an officer goes on). */
  wish: string;
}

export interface QueueRow extends CaseLine {
  cover: SealedRecord | null;
  slot: SealedSlot | null;
}

export interface QueuePage {
  rows: QueueRow[];
  next: string | null;
  counts: Record<string, number>;
  /** Urgency → seconds in which a reporter should have an answer. */
  within: Record<string, number>;
}

/** A list made narrower; empty: any.  `who`: "nobody", "me" or a colleague's id. */
export interface Narrow {
  teams: string[];
  urgencies: string[];
  languages: string[];
  concerns: string[];
  who: string;
}

/** A list kept under a name of one's own. */
export interface SavedView {
  place: number;
  name: string;
  view: string;
  narrow: Narrow;
}

/** What changed in a list that is shown: the ids it begins with now, and how rows stand; `here`: in the list still. */
export interface Glance {
  first: string[];
  lines: (CaseLine & { here: boolean })[];
  counts: Record<string, number>;
}

/** Where answers go.  `messages`: those still there; the reporter may have emptied it. */
export interface Mailbox {
  public: string;
  messages: { seq: number; digest: string }[];
}

export interface OpenCase extends CaseLine {
  public: string;
  seq: number;
  head: string;
  records: SealedRecord[];
  slots: SealedSlot[];
  listed: string;
  mailbox: Mailbox | null;
}

