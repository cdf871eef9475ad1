// Officers' passphrases: six short words made by rule, never chosen (D14, S20): 77.8 bits.

const CONSONANTS = "bdfghjklmnprstvwyz";
const VOWELS = "aeiou";
const WORDS = 6;
const PATTERN = [CONSONANTS, VOWELS, CONSONANTS, VOWELS];

// Words that hurt or embarrass in a language of our officers; nobody should have to type them every morning.
const LEFT_OUT = new Set(
  (
    "dasi fuka fuki gore hate homo kaka kuta kuti kutu loda lode lodi lodu lora lulu lusu muta nazi niga nude nunu " +
    "nuni paki pipi popo puki pupu puta rape sati suka susu tati titi zani zina"
  ).split(" "),
);

/** Six fresh words with spaces between. */
export function newPassphrase(): string {
  return Array.from({ length: WORDS }, newWord).join(" ");
}

/** The passphrase as it was made, however it is spaced or capitalised; undefined if it cannot be one of ours. */
export function readPassphrase(typed: string): string | undefined {
  const words = typed.normalize("NFKC").toLowerCase().split(/\P{L}+/u).filter(Boolean);
  return words.length === WORDS && words.every(isWord) ? words.join(" ") : undefined;
}

function newWord(): string {
  const word = PATTERN.map(pick).join("");
  return LEFT_OUT.has(word) ? newWord() : word;
}

/** One letter, each equally likely. */
function pick(letters: string): string {
  const fair = 256 - (256 % letters.length);
  const [byte] = crypto.getRandomValues(new Uint8Array(1)) as unknown as [number];
  return byte < fair ? (letters[byte % letters.length] as string) : pick(letters);
}

function isWord(word: string): boolean {
  return word.length === 4 && PATTERN.every((letters, at) => letters.includes(word[at] as string)) && !LEFT_OUT.has(word);
}
