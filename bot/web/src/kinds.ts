// What a file is, decided from its first bytes and never from its name (S34).

/** One of the four kinds of picture that are tried at all; the browser then draws it or does not. */
export function kindOf(head: Uint8Array): string | undefined {
  const text = String.fromCharCode(...head.subarray(0, 12));
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8) === "WEBP") return "image/webp";
  return /^ftyp(?:hei[cx]|hevc|mif1)$/.test(text.slice(4)) ? "image/heic" : undefined;
}
