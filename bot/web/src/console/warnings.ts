// What in an answer could betray a child to whoever holds the phone, or an officer: numbers, links, times, places, names (S53).
// A warning is a question to the officer, not a judgement: it rather asks once too often.

export type Kind = "phone" | "link" | "time" | "place" | "name";

/** `words`: the piece of the answer that it is about. */
export interface Warning {
  readonly kind: Kind;
  readonly words: string;
}

/** Names of people and places that are known here, in any script. */
export interface Known {
  readonly people: readonly string[];
  readonly places: readonly string[];
}

/** Five digits and more, in any script's numerals; a helpline's short number is none. */
const PHONE = /\+?\p{Nd}(?:[\s().-]{0,2}\p{Nd}){4,}/gu;
const LINK = /(?:https?:\/\/|www\.)\S+|\b[\w-]+\.(?:com|org|net|info|me|app|io|pk|in|bd|np|lk|af|bt|mv)\b(?:\/\S*)?|@[\w.]{3,}/giu;
const CLOCK = /\p{Nd}{1,2}[:٫]\p{Nd}{2}|\b\p{Nd}{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|o[’']clock)(?!\p{L})/giu;

/** "o'clock" beside a number, in every language we answer in. */
const HOURS = [
  "بجے", "baje", "bajay", "وڳي", "بجي", "بجې", "وجے", "وڄے", "بجگ", "টায়", "টার", "টা", "बजे", "බජේ", "ට", "மணிக்கு", "மணி", "بجه", "ގަޑި", "ཆུ་ཚོད",
] as const;

/** "My name is", and forms of address; what follows is likely a name. */
const BEFORE_NAMES = [
  "my name is", "mera naam", "میرا نام", "منهنجو نالو", "زما نوم", "نوم مې", "میرا ناں", "میݙا ناں", "مئے نام", "আমার নাম", "मेरा नाम", "मेरो नाम", "මගේ නම",
  "என் பெயர்", "نام من", "އަހަރެންގެ ނަން", "ངའི་མིང", "mr", "mrs", "ms", "miss", "dr", "uncle", "aunty", "auntie", "محترمہ", "جناب", "مسٹر", "श्री", "श्रीमती",
] as const;
/** Forms of address that stand behind a name. */
const BEHIND_NAMES = ["صاحب", "صاحبہ", "sahib", "sahab", "بھائی", "bhai", "baji", "باجی", "साहब", "भाई", "ভাই", "আপা"] as const;

/** First names that are common where the helpline is used, in the scripts that know no capitals. */
const NAMES = [
  "علی", "احمد", "محمد", "فاطمہ", "عائشہ", "حسن", "حسین", "مریم", "زینب", "بلال", "عثمان", "عمران", "ثنا", "کرن", "صائمہ", "نادیہ", "عابد", "رشید", "سلمان", "اقبال",
  "علي", "فاطمه", "حسين", "گل", "नेहा", "राम", "सीता", "रवि", "प्रिया", "अली", "फातिमा", "आयशा", "मोहम्मद", "সালমা", "রহিম", "করিম", "ফাতেমা", "আয়েশা", "কুমার",
  "முகமது", "பிரியா", "குமார்", "රුවන්", "නිමල්", "ކުމާރީ", "އަލީ", "འཇིགས་མེད",
] as const;

/** Words that are written large within a sentence and name nobody. */
const NOT_NAMES = new Set([
  "I", "Allah", "God", "Ok", "OK", "Telegram", "WhatsApp", "Hamrah", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December", "Eid", "Ramadan", "Ramzan",
  "English", "Urdu", "Sindhi", "Pashto", "Punjabi", "Hindi", "Bangla", "Nepali", "Tamil", "Sinhala", "Dari",
]);

/** A letter of any script, with the marks that belong to it. */
const LETTER = "[\\p{L}\\p{M}]";

/** Everything in `text` that asks for a second look, each once. */
export function warningsIn(text: string, known: Known): Warning[] {
  const words = text.normalize("NFC");
  const found: Warning[] = [
    ...all(words, LINK).map((one) => ({ kind: "link" as const, words: one })),
    ...all(words, PHONE).filter((one) => digits(one) < 13 || one.startsWith("+")).map((one) => ({ kind: "phone" as const, words: one })),
    ...[...all(words, CLOCK), ...hours(words)].map((one) => ({ kind: "time" as const, words: one })),
    ...listed(words, known.places).map((one) => ({ kind: "place" as const, words: one })),
    ...[...listed(words, [...NAMES, ...known.people.flatMap(pieces)]), ...addressed(words), ...capitals(words)]
      .map((one) => ({ kind: "name" as const, words: one })),
  ];
  const seen = new Set<string>();
  const taken = found.filter(({ kind }) => kind === "place").map((one) => one.words.toLowerCase());
  return found.filter((one) => {
    const same = `${one.kind} ${one.words.toLowerCase()}`;
    const known_place = one.kind === "name" && taken.some((place) => place.includes(one.words.toLowerCase()));
    if (seen.has(same) || known_place) return false;
    seen.add(same);
    return true;
  });
}

const all = (words: string, form: RegExp): string[] => [...words.matchAll(form)].map(([whole]) => whole.trim());

const digits = (words: string): number => [...words.matchAll(/\p{Nd}/gu)].length;

const quoted = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A number beside a word for the hour; some scripts write the two together. */
function hours(words: string): string[] {
  return HOURS.flatMap((hour) => all(words, new RegExp(`\\p{Nd}{1,2}\\s?${quoted(hour)}(?!${LETTER})`, "giu")));
}

/** Which of `names` stand in `words` as words of their own. */
function listed(words: string, names: readonly string[]): string[] {
  const lower = words.toLowerCase();
  return names.filter((name) => {
    const wanted = name.toLowerCase();
    return [...wanted].length >= 2 && lower.includes(wanted) && new RegExp(`(?<!${LETTER})${quoted(wanted)}(?!${LETTER})`, "u").test(lower);
  });
}

/** The parts of a colleague's name that could name somebody; what stands in brackets describes the work. */
const pieces = (name: string): string[] =>
  name.replace(/\(.*?\)/g, "").split(/\s+/).filter((piece) => /^\p{Lu}/u.test(piece) && [...piece].length > 3 && !WORK.has(piece.toLowerCase()));

const WORK = new Set(["officer", "duty", "supervisor", "translator", "administrator", "team", "cases", "cross-border"]);

/** Words after a form that introduces a name, or before a form of address. */
function addressed(words: string): string[] {
  const word = `(${LETTER}{2,}(?:[-'’]${LETTER}+)*)`;
  const after = BEFORE_NAMES.flatMap((form) => [...words.matchAll(new RegExp(`(?<!${LETTER})${quoted(form)}\\.?\\s+${word}`, "giu"))]);
  const before = BEHIND_NAMES.flatMap((form) => [...words.matchAll(new RegExp(`(?<!${LETTER})${word}\\s+${quoted(form)}(?!${LETTER})`, "giu"))]);
  return [...after, ...before].map((hit) => hit[1] ?? "");
}

/** Capital letters within a sentence: likely a name, in the scripts that have capitals. */
function capitals(words: string): string[] {
  const hits = [...words.matchAll(/(?<=[\p{L}\p{M}\p{Nd},;:’']\s+)\p{Lu}[\p{L}\p{M}’'-]+/gu)].map(([whole]) => whole);
  return hits.filter((hit) => !NOT_NAMES.has(hit) && !/^I[’']/.test(hit));
}
