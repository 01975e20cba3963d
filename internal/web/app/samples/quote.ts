// String literals. What a value holds is data in each language, and looks like what it is: characters that are not seen, or that turn
// the direction of a line, are written as escapes.

const unseen = /[\p{C}\p{Zl}\p{Zp}]/u;

type Escape = (code: number) => string;

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** The bytes of a character in UTF-8, as octal escapes. */
function octal(code: number): string {
  const bytes = new TextEncoder().encode(String.fromCodePoint(code));
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

const short: Escape = (code) => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`);
const braced: Escape = (code) => `\\u{${hex(code, 1)}}`;

/** Writes text, a backslash before each of special, and what is not seen as escapes. */
function escaped(text: string, special: string, point: Escape): string {
  let out = '';
  for (const c of text) {
    out += special.includes(c) ? `\\${c}` : unseen.test(c) ? point(c.codePointAt(0) ?? 0) : c;
  }
  return out;
}

export const quoteGo = (text: string) => `"${escaped(text, '"\\', short)}"`;
export const quoteCSharp = quoteGo;
export const quoteJS = (text: string) => `'${escaped(text, "'\\", braced)}'`;
export const quotePHP = (text: string) => `"${escaped(text, '"\\$', braced)}"`;
export const quoteRuby = (text: string) => `"${escaped(text, '"\\#', braced)}"`;
export const quoteSwift = (text: string) => `"${escaped(text, '"\\', braced)}"`;
export const quotePython = quoteGo;

/** Java reads \u escapes before it looks for strings, so that \u000a would end a line: control characters are octal. */
export const quoteJava = (text: string) =>
  `"${escaped(text, '"\\', (code) => (code < 0x80 ? octal(code) : [...utf16(code)].map((unit) => `\\u${hex(unit, 4)}`).join('')))}"`;

function utf16(code: number): number[] {
  const text = String.fromCodePoint(code);
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

/** C names no character below U+00A0 by \u. */
export const quoteObjectiveC = (text: string) => `@"${escaped(text, '"\\', (code) => (code < 0xa0 ? octal(code) : short(code)))}"`;

/** Single quotes, in which nothing has a meaning; bash's $'...' where escapes are needed. */
export function quoteShell(text: string): string {
  return unseen.test(text) ? `$'${escaped(text, "'\\", octal)}'` : `'${text.replaceAll("'", "'\\''")}'`;
}
