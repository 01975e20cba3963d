import classes from './highlight.module.css';

/** What a language's words look like, as far as colours need it. */
export interface Grammar {
  comment: string;
  string: string;
  keywords: string;
}

/** Sources of regular expressions that several languages share. */
export const slashComment = String.raw`//[^\n]*|/\*[\s\S]*?\*/`;
export const hashComment = String.raw`(?<![^\s])#[^\n]*`;
export const doubleQuoted = String.raw`"(?:\\[\s\S]|[^"\\])*"`;
export const singleQuoted = String.raw`'(?:\\[\s\S]|[^'\\])*'`;

interface Piece {
  kind?: 'comment' | 'string' | 'keyword';
  text: string;
}

/** Cuts code into pieces; together they are the code, character by character. */
function pieces(code: string, grammar: Grammar): Piece[] {
  const keywords = grammar.keywords.split(' ').join('|');
  const shape = new RegExp(
    `(?<comment>${grammar.comment})|(?<string>${grammar.string})|(?<keyword>(?<![\\w$@-])(?:${keywords})(?![\\w-]))`,
    'g',
  );
  const found: Piece[] = [];
  let end = 0;
  for (const match of code.matchAll(shape)) {
    found.push({ text: code.slice(end, match.index) });
    const kind = match.groups?.comment !== undefined ? 'comment' : match.groups?.string !== undefined ? 'string' : 'keyword';
    found.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  found.push({ text: code.slice(end) });
  return found;
}

/** Code in colours. */
export function Highlighted({ code, grammar }: { code: string; grammar: Grammar }) {
  return pieces(code, grammar).map((piece, i) =>
    piece.kind ? (
      <span key={i} className={classes[piece.kind]}>
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}
