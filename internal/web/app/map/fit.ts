const ruler = document.createElement('canvas').getContext('2d');

/** No glyph is narrower than so many pixels on average: of a very long text no more is looked at. */
const narrowest = 2;

/** As much of a text as so many pixels hold, with an ellipsis where that is not all: SVG cuts none by itself. font is CSS's. */
export function fit(text: string, width: number, font: string): string {
  if (!ruler) {
    return text;
  }
  ruler.font = font;
  const wide = (s: string) => ruler.measureText(s).width > width;
  const characters = [...text.slice(0, Math.ceil(width / narrowest))];
  if (characters.join('') === text && !wide(text)) {
    return text;
  }
  let [kept, most] = [0, characters.length];
  while (kept < most) {
    const next = Math.ceil((kept + most) / 2);
    if (wide(`${characters.slice(0, next).join('')}…`)) {
      most = next - 1;
    } else {
      kept = next;
    }
  }
  return `${characters.slice(0, kept).join('')}…`;
}
