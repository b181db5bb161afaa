/**
 * Which parts of a message are its texts, its attachments, its related resources; and where new ones go.
 * Owns: reading the tree and reshaping it.  Leaves: contents (part.ts), writing (print-message.ts).
 * Sources: reference A5.4 (multipart/mixed { related { alternative { text, html }, resources }, attachments }).
 */
import { Part } from './part.ts';

export type BodyKind = 'text/plain' | 'text/html';

/** The text or HTML body, when the message has one. */
export function findBody(root: Part, kind: BodyKind): Part | undefined {
  const holder = bodyHolder(root);
  return holder === undefined ? undefined : findIn(holder, kind);
}

function findIn(part: Part, kind: BodyKind): Part | undefined {
  if (part.mediaType === kind && !isAttachment(part)) return part;
  if (!part.isMultipart) return undefined;
  const candidates = part.mediaType === 'multipart/alternative' ? part.children : part.children.slice(0, 1);
  for (const child of candidates) {
    const found = findIn(child, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The part that is the text of the message: a leaf or a multipart/alternative. Undefined when there is none. */
function bodyHolder(root: Part): Part | undefined {
  let part = root;
  while (part.isMultipart && part.mediaType !== 'multipart/alternative') {
    const first: Part | undefined = part.children[0];
    if (first === undefined || isAttachment(first) || !mayHoldBody(first)) return undefined;
    part = first;
  }
  return isAttachment(part) || !mayHoldBody(part) ? undefined : part;
}

function mayHoldBody(part: Part): boolean {
  return part.isText || part.isMultipart;
}

function isAttachment(part: Part): boolean {
  return part.disposition === 'attachment';
}

/** The text or HTML body, made and put in its place when the message has none. */
export function ensureBody(root: Part, kind: BodyKind): Part {
  const found = findBody(root, kind);
  if (found !== undefined) return found;
  const holder = bodyHolder(root);
  if (holder === undefined) {
    const mixed = ensureMixed(root);
    const first: Part | undefined = mixed.children[0];
    // The empty text that stands before attachments of a message without body is the place for one.
    const body = first?.isFresh ? first : newBody(root, kind);
    if (body !== first) mixed.insert(body, 0);
    body.setMediaType(kind);
    return body;
  }
  if (holder.isFresh) {
    holder.setMediaType(kind);
    return holder;
  }
  const alternative = holder.mediaType === 'multipart/alternative' ? holder : toAlternative(holder);
  const body = newBody(root, kind);
  alternative.insert(body, kind === 'text/plain' ? 0 : alternative.children.length);
  return body;
}

function toAlternative(holder: Part): Part {
  holder.pushDown('multipart/alternative');
  return holder;
}

function newBody(root: Part, kind: BodyKind): Part {
  const body = new Part();
  body.setMediaType(kind);
  body.charset = root.charset;
  return body;
}

/** Removes a body part; a multipart left with one child stays until it is written. */
export function removeBody(root: Part, kind: BodyKind): void {
  const body = findBody(root, kind);
  if (body === undefined) return;
  if (body === root) {
    root.mediaType = undefined;
    root.content = { kind: 'text', text: '' };
    root.header.invalidate('content-type');
  } else body.detach();
}

/** The root as a multipart/mixed (or what stands for one), its former content being the first child. */
export function ensureMixed(root: Part): Part {
  const isMixed =
    root.isMultipart && root.mediaType !== 'multipart/alternative' && root.mediaType !== 'multipart/related';
  if (!isMixed) root.pushDown('multipart/mixed');
  return root;
}

/** A new attachment part behind the others. */
export function addAttachmentPart(root: Part, index?: number): Part {
  const mixed = ensureMixed(root);
  const part = new Part();
  const before = index === undefined ? undefined : listAttachments(root)[index];
  mixed.insert(part, before?.parent === mixed ? mixed.children.indexOf(before) : mixed.children.length);
  return part;
}

/** The attachments in their order. */
export function listAttachments(root: Part): Part[] {
  if (!root.isMultipart) return isAttachment(root) || (!root.isText && !root.isFresh) ? [root] : [];
  if (root.mediaType === 'multipart/alternative' || root.mediaType === 'multipart/related') return [];
  const [first, ...rest] = root.children;
  if (first === undefined) return [];
  const isBody = !isAttachment(first) && mayHoldBody(first) && first.fileName === '';
  return isBody ? rest : root.children.slice();
}

/** A new related resource: the body and its resources become a multipart/related. */
export function addRelatedPart(root: Part): Part {
  const part = new Part();
  relatedOf(root).insert(part);
  return part;
}

function relatedOf(root: Part): Part {
  const body = bodyHolder(root);
  if (body?.parent?.mediaType === 'multipart/related') return body.parent;
  if (body === undefined) {
    const mixed = ensureMixed(root);
    const related = new Part();
    related.setMediaType('multipart/related');
    related.insert(new Part());
    mixed.insert(related, 0);
    return related;
  }
  if (body.parent === undefined) {
    body.pushDown('multipart/related');
    return body;
  }
  const { parent } = body;
  const related = new Part();
  related.setMediaType('multipart/related');
  const index = parent.children.indexOf(body);
  parent.insert(related, index);
  related.insert(body);
  return related;
}

/** The resources that belong to the HTML body. */
export function listRelated(root: Part): Part[] {
  const holder = bodyHolder(root)?.parent;
  return holder?.mediaType === 'multipart/related' ? holder.children.slice(1) : [];
}
