// Names come from programs, too: with line breaks, with characters that nobody sees, or thousands long.

/** A text as it can be read and typed in one line: each white space one blank, without what is not seen. */
export function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** The beginning of a text that is longer than most characters, with a sign that there is more. */
export function short(text: string, most = 80): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most).join('')} …` : text;
}
