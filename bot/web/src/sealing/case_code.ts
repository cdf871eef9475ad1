// The case code: twenty digits that a child can copy, type in any script, and say aloud (D2, D5, S15).
// The page makes and confirms it before anything is sent; it is never put into an address, title or storage (S18).

const BODY_DIGITS = 19;
const DIGITS = 20;
const GROUP = 4;

// A totally anti-symmetric quasigroup of order 10 with zero diagonal: H. M. Damm, "Total anti-symmetrische
// Quasigruppen", dissertation, Marburg 2004.  The Python tests prove both promises by trying every case.
const DAMM = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

// The zero of every set of decimal digits in Unicode; its nine other digits follow it.
const ZEROS = [
  0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6,
  0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
  0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136,
  0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
  0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

// Spaces, dashes, dots, marks and invisible joiners may stand anywhere; a letter may not.
const BETWEEN_DIGITS = /^[\p{Z}\p{P}\p{C}\p{M}\p{S}]$/u;

/** A well-formed code; it does not show when printed. */
export class CaseCode {
  readonly #digits: string;

  constructor(digits: string) {
    this.#digits = digits;
  }

  /** The public handle, 5 digits: mailboxes may share it. */
  get locator(): string {
    return this.#digits.slice(0, 5);
  }

  reveal(): string {
    return this.#digits;
  }

  /** Five groups of four, in ASCII digits. */
  display(): string {
    return (this.#digits.match(new RegExp(`.{${GROUP}}`, "g")) ?? []).join(" ");
  }

  toString(): string {
    return "CaseCode()";
  }
}

/** Not a code, and what to say about it: how many digits were found, never which. */
export interface Mistyped {
  readonly why: "length" | "check" | "letters";
  readonly digits: number;
}

/** A fresh code, every one of 10^19 equally likely. */
export function newCode(): CaseCode {
  let body = "";
  while (body.length < BODY_DIGITS) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < 250 && body.length < BODY_DIGITS) body += byte % 10; // 250 and above would favour small digits
    }
  }
  return new CaseCode(body + checkDigit(body));
}

/** Read a code in the numerals of any script, with any spacing; every text has an answer. */
export function parseCode(text: string): CaseCode | Mistyped {
  let code = "";
  let letters = false;
  for (const character of text) {
    const digit = decimal(character);
    if (digit !== undefined) code += digit;
    else if (!BETWEEN_DIGITS.test(character)) letters = true;
  }
  if (letters) return { why: "letters", digits: code.length };
  if (code.length !== DIGITS) return { why: "length", digits: code.length };
  return checkDigit(code) === 0 ? new CaseCode(code) : { why: "check", digits: DIGITS };
}

function decimal(character: string): number | undefined {
  const point = character.codePointAt(0) as number;
  const zero = ZEROS.find((first) => point >= first && point < first + 10);
  return zero === undefined ? undefined : point - zero;
}

/** The digit that brings the whole back to 0; of a code with its check digit, 0 if it is right. */
function checkDigit(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = Number((DAMM[interim] as string)[Number(digit)]);
  return interim;
}
