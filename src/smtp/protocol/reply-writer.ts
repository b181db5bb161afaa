/**
 * The bytes of a reply.
 * Sources: RFC 5321 §4.2.1 (multi-line), §4.5.3.1.5 (512 octets a line); RFC 2034 §4 (status on every line).
 */
import type { Reply } from '../../envelope/index.ts';

/** The reply as text with CRLF after each line. A line that would exceed 512 octets is cut. */
export function printReply(answer: Reply): string {
  const status = answer.status === undefined ? '' : `${answer.status} `;
  const { lines } = answer;
  if (lines.length === 1 && lines[0]!.length < 160) return `${answer.code} ${status}${lines[0]}\r\n`;
  let text = '';
  for (let index = 0; index < lines.length; index += 1) {
    const mark = index === lines.length - 1 ? ' ' : '-';
    text += `${cut(`${answer.code}${mark}${status}${lines[index]}`)}\r\n`;
  }
  return text;
}

function cut(line: string): string {
  if (line.length < 160) return line;
  let kept = line;
  while (Buffer.byteLength(kept) > 510) kept = kept.slice(0, -1);
  // A surrogate pair must not be cut in half.
  return kept.replace(/[\ud800-\udbff]$/, '');
}
