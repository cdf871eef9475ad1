// What could tell that two cases are about the same: telephone numbers, vehicles, names; brought to one form and keyed.

import { ascii, concat, type Bytes } from "../sealing/bytes.ts";
import { expand } from "../sealing/stretch.ts";

export type Kind = "phone" | "vehicle" | "name";

export interface Mark {
  readonly kind: Kind;
  /** As it was told, for the officer's eyes. */
  readonly told: string;
  /** In one form, for comparing. */
  readonly form: string;
}

const TOKEN_BYTES = 16;
const PHONE = /[+]?\p{Nd}(?:[\s().-]{0,2}\p{Nd}){6,14}/gu;
const ALIKE: Readonly<Record<string, string>> = { "ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "أ": "ا", "إ": "ا", "آ": "ا", "ۀ": "ہ", "ھ": "ہ" };

/** ASCII digits for any script's. */
function plainDigits(words: string): string {
  return words.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0) as number;
    const start = zero;
    while (start - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((start - zero) % 10);
  });
}

/** The last ten digits: however the country code was written, it is the same line. */
function phone(words: string): string {
  const digits = plainDigits(words).replace(/[^0-9]/g, "").replace(/^0+/, "");
  return digits.length < 7 ? "" : digits.slice(-10);
}

const vehicle = (words: string): string => {
  const form = plainDigits(words.normalize("NFKC")).toUpperCase().replace(/[^\p{L}0-9]/gu, "");
  return [...form].length < 4 ? "" : form;
};

/** Two words at least: one first name is half a country's. */
function name(words: string): string {
  const bare = words.normalize("NFKD").toLowerCase().replace(/[\p{M}\u200c\u200d\u0640]/gu, "");
  const parts = [...bare].map((letter) => ALIKE[letter] ?? letter).join("").split(/[^\p{L}]+/u).filter((part) => part !== "");
  return parts.length < 2 ? "" : parts.sort().join(" ");
}

const FORMS: Readonly<Record<Kind, (words: string) => string>> = { phone, vehicle, name };

/** One thing that was told; none where it says too little to compare. */
export function markOf(kind: Kind, told: string): Mark | null {
  const form = FORMS[kind](told.trim());
  return form === "" ? null : { kind, told: told.trim(), form };
}

/** Telephone numbers within words. */
export function phonesIn(words: string): string[] {
  return [...words.matchAll(PHONE)].map(([whole]) => whole);
}

/** Keyed, so that only who holds the officers' common key can tell or try what it stands for. */
export async function tokenOf(seed: Bytes, mark: Mark): Promise<Bytes> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", await expand(seed, "match"), hmac, false, ["sign"]);
  const said = concat(ascii(`${mark.kind}\n`), new TextEncoder().encode(mark.form));
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, said)).slice(0, TOKEN_BYTES);
}
