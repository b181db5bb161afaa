/**
 * Prints header fields.
 * Owns: folding, and keeping foreign line ends out of the header.  Leaves: encoding of words (encoded-word.ts).
 * Sources: RFC 5322 §2.1.1 (78 and 998 characters), §2.2.3 (folding).
 */

/** RFC 5322 §2.1.1: lines should not exceed 78 characters without the line end. */
const SOFT_LIMIT = 78;

/**
 * One field with its line end, folded at blanks so that lines stay within 78 characters where blanks allow it.
 * Line ends inside `value` become blanks: a value cannot add a field of its own.
 */
export function printField(name: string, value: string): string {
  const line = `${name}: ${oneLine(value)}`;
  return line.length <= SOFT_LIMIT ? `${line}\r\n` : `${foldLine(line, name.length + 2)}\r\n`;
}

/** The value without line ends and other controls that end a line somewhere (CR, LF, NUL); runs of them become one blank. */
export function oneLine(value: string): string {
  return /[\r\n\0]/.test(value) ? value.replace(/[ \t]*[\r\n\0]+[ \t\r\n\0]*/g, ' ').trim() : value;
}

/** Breaks the line at blanks; never before `earliest`, so that no line holds the bare field name. */
function foldLine(line: string, earliest: number): string {
  const lines: string[] = [];
  let rest = line;
  let first = earliest;
  while (rest.length > SOFT_LIMIT) {
    let blank = rest.lastIndexOf(' ', SOFT_LIMIT);
    if (blank < Math.max(first, 1)) blank = rest.indexOf(' ', Math.max(SOFT_LIMIT, first));
    // A line of blanks alone would be taken for a fold that says nothing (RFC 5322 §3.2.2).
    if (blank < 1 || rest.slice(blank).trim() === '') break;
    lines.push(rest.slice(0, blank));
    rest = rest.slice(blank);
    first = 1;
  }
  lines.push(rest);
  return lines.join('\r\n');
}
