/** What the API says of a value whose form is wrong: the name of a rule, or a pattern, that tells a person nothing. */
const formal = /^(Data does not match any schemas|String does not match pattern|Object didn't pass validation|Expected type|Invalid value)/;

const shapes: [RegExp, (label: string, n: string) => string][] = [
  [/^This is required\.$/, (label) => `${label} is required.`],
  [/^String is too short \(0 chars\)/, (label) => `${label} is required.`],
  [/^String does not match pattern .*: $/s, (label) => `${label} is required.`],
  [/^Expected type (?:integer|number)\b.* but found type string$/, (label) => `${label} is required: a number.`],
  [/^Invalid value ""$/, (label) => `${label} is required.`],
  [/^String is too short .* minimum (\d+)$/, (label, n) => `${label} needs at least ${n} characters.`],
  [/^String is too long .* maximum (\d+)$/, (label, n) => `${label} may have at most ${n} characters.`],
  [/^Array is too long .* maximum (\d+)$/, (_, n) => `At most ${n} are allowed.`],
  [/^Value .* is less than minimum (-?\d+)$/, (label, n) => `${label} must be at least ${n}.`],
  [/^Value .* is greater than maximum (-?\d+)$/, (label, n) => `${label} must be at most ${n}.`],
];

/**
 * The API's message about a field, as somebody can act on it who sees the page alone: with the field's name and the way out. What is a sentence
 * of its own already stays as it is, and so does what there is no rule for.
 * @param rule - What the field takes, to go on after a colon: "an address that begins with https://".
 */
export function worded(fault: string | undefined, label: string, rule?: string): string | undefined {
  if (fault === undefined) {
    return undefined;
  }
  for (const [shape, say] of shapes) {
    const found = shape.exec(fault);
    if (found) {
      return say(label, Number(found[1]).toLocaleString('en'));
    }
  }
  return rule && formal.test(fault) ? `${label}: ${rule}.` : fault;
}
