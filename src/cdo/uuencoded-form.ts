/**
 * The form of a message without MIME: text, and attachments uuencoded behind it.
 * Owns: the flattened copy.  Leaves: the blocks themselves (message/uuencode.ts).
 * Sources: reference A1.1 MimeFormatted, A5.4.
 */
import { encodeUu } from '../message/index.ts';
import type { CodingRules } from './content-coding.ts';
import { encodeText, Part } from './part.ts';
import { findBody, listAttachments, listRelated } from './structure.ts';

/** A single part that holds everything; the original is left as it is. */
export function uuencodedForm(root: Part, rules: CodingRules): Part {
  const flat = new Part();
  for (const entry of root.header.entries) {
    const isAboutContent =
      /^(content-|mime-version$)/i.test(entry.name) && !/^content-class$/i.test(entry.name);
    if (isAboutContent) continue;
    if (entry.bytes !== undefined) flat.header.adopt(entry.name, entry.value, entry.bytes);
    else flat.header.append(entry.name, entry.value, entry.form === 'text' ? 'text' : 'raw');
  }
  flat.charset = root.charset;
  const text = findBody(root, 'text/plain');
  const chunks: Buffer[] = [];
  if (text !== undefined) chunks.push(plainBytes(text, rules));
  for (const part of [...listRelated(root), ...listAttachments(root)]) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length > 0 && last.at(-1) !== 10) chunks.push(Buffer.from('\r\n'));
    chunks.push(encodeUu(part.bytes(rules.ansiCharset), part.fileName || 'attachment.dat'));
  }
  const bytes = Buffer.concat(chunks);
  flat.content = { kind: 'encoded', bytes, encoding: '8bit' };
  return flat;
}

function plainBytes(text: Part, rules: CodingRules): Buffer {
  const meaning = text.text(rules.ansiCharset);
  if (rules.profile.output === 'original') return encodeText(meaning, text.charset ?? rules.ansiCharset);
  // No header can say which charset this is; UTF-8 is what readers guess right.
  return encodeText(meaning, 'utf-8');
}
