/**
 * CreateMHTMLBody: a page and its resources as the HTML body of a message.
 * Owns: finding the resources in a page, rewriting links to them.  Leaves: fetching (attach.ts), the tree (structure.ts).
 * Fails: CDO_E_INVALID_CONTENT_TYPE when the root is no HTML; a resource that cannot be read keeps its link.
 * Sources: reference A1.2, A5.4; RFC 2557 (MHTML), RFC 2392 (cid: URLs).
 */
import { decodeText } from '../message/index.ts';
import { type Attachable, type Resource, readResourceSteps, relate } from './attach.ts';
import { CdoError } from './errors.ts';
import { attribute } from './generated-text.ts';
import { makeContentId } from './identifiers.ts';
import type { Part } from './part.ts';
import type { Steps } from './steps.ts';

/** A sum of CdoMHTMLFlags: images 1, background sounds 2, frames 4, objects 8, style sheets 16. */
export type MhtmlFlags = number;

type ResourceRule = { readonly tag: string; readonly attribute: string; readonly flag: number };

const RULES: readonly ResourceRule[] = [
  { tag: 'img', attribute: 'src', flag: 1 },
  { tag: 'input', attribute: 'src', flag: 1 },
  { tag: 'body', attribute: 'background', flag: 1 },
  { tag: 'table', attribute: 'background', flag: 1 },
  { tag: 'td', attribute: 'background', flag: 1 },
  { tag: 'bgsound', attribute: 'src', flag: 2 },
  { tag: 'frame', attribute: 'src', flag: 4 },
  { tag: 'iframe', attribute: 'src', flag: 4 },
  { tag: 'object', attribute: 'data', flag: 8 },
  { tag: 'embed', attribute: 'src', flag: 8 },
  { tag: 'applet', attribute: 'code', flag: 8 },
  { tag: 'link', attribute: 'href', flag: 16 },
];

/** Most resources of one page; the links of the others stay as they are. */
const MOST_RESOURCES = 500;

type MhtmlMessage = Attachable & {
  htmlBody: string;
  readonly htmlBodyPart: { readonly part: Part } | undefined;
};

export function* createMhtmlSteps(
  message: MhtmlMessage,
  options: {
    readonly url: string;
    readonly flags: MhtmlFlags;
    readonly user: string | undefined;
    readonly password: string | undefined;
  },
): Steps<void> {
  const page = yield* readResourceSteps(message, options.url, options.user, options.password);
  if (page.mediaType !== 'text/html')
    throw new CdoError('CDO_E_INVALID_CONTENT_TYPE', {
      hint: `${options.url} is ${page.mediaType}, not text/html.`,
    });
  const charset = page.charset ?? metaCharset(page.bytes);
  const html = decodeText(page.bytes, charset ?? 'windows-1252');
  const base = baseOf(html, page.url);
  const links = findLinks(html, options.flags);
  const resources = new Map<string, { readonly id: string; readonly resource: Resource }>();
  for (const link of links) {
    const url = absolute(link.url, base);
    if (url === undefined || resources.has(url) || resources.size >= MOST_RESOURCES) continue;
    const resource = yield* tryResource(message, url, options);
    if (resource !== undefined) resources.set(url, { id: makeContentId(message.host), resource });
  }
  message.htmlBody = rewrite(html, links, (written) => {
    const found = resources.get(absolute(written, base) ?? '');
    return found === undefined ? undefined : `cid:${found.id}`;
  });
  const body = message.htmlBodyPart!.part;
  if (charset !== undefined && body.charset === undefined) body.charset = charset;
  // A path of this machine is nobody's business outside.
  if (/^https?:/.test(page.url)) body.header.set('Content-Location', page.url, 'raw');
  for (const { id, resource } of resources.values()) relate(message.root, resource, 'id', id);
}

function* tryResource(
  message: Attachable,
  url: string,
  options: { readonly user: string | undefined; readonly password: string | undefined },
): Steps<Resource | undefined> {
  try {
    return yield* readResourceSteps(message, url, options.user, options.password);
  } catch (failure) {
    if (!(failure instanceof CdoError)) throw failure;
    message.host.log.event('info', 'cdo.mhtml-resource-left', { url, reason: failure.message });
    return undefined;
  }
}

type Link = { readonly start: number; readonly end: number; readonly url: string };

/** The places of resource URLs in the page, in order. */
function findLinks(html: string, flags: MhtmlFlags): Link[] {
  const links: Link[] = [];
  for (const match of html.matchAll(/<([A-Za-z]+)((?:\s[^<>]{0,4096})?)>/g)) {
    const rule = RULES.find((candidate) => candidate.tag === match[1]!.toLowerCase());
    if (rule === undefined || (flags & rule.flag) !== 0) continue;
    const tag = match[0];
    if (rule.tag === 'link' && !/stylesheet/i.test(attribute(tag, 'rel') ?? '')) continue;
    const place = new RegExp(`\\s${rule.attribute}\\s*=\\s*("([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
    if (place === null) continue;
    const written = place[2] ?? place[3] ?? place[4]!;
    const start = match.index + place.index + place[0].length - place[1]!.length;
    // As documented: names with blanks are not picked up in images.
    if (written === '' || /\s/.test(written) || /^(cid|data|mailto|javascript):/i.test(written)) continue;
    links.push({ start, end: start + place[1]!.length, url: attribute(tag, rule.attribute) ?? written });
  }
  return links;
}

function rewrite(html: string, links: readonly Link[], target: (url: string) => string | undefined): string {
  let result = '';
  let at = 0;
  for (const link of links) {
    const url = target(link.url);
    if (url === undefined) continue;
    result += `${html.slice(at, link.start)}"${url}"`;
    at = link.end;
  }
  return result + html.slice(at);
}

function absolute(url: string, base: string): string | undefined {
  try {
    const { href, protocol } = new URL(url, base);
    return /^(https?|file|ftp):$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

function baseOf(html: string, pageUrl: string): string {
  const tag = /<base\s[^<>]{0,2048}>/i.exec(html)?.[0];
  const href = tag === undefined ? undefined : attribute(tag, 'href');
  return (href !== undefined && absolute(href, pageUrl)) || pageUrl;
}

function metaCharset(bytes: Buffer): string | undefined {
  return /<meta\s[^<>]*charset\s*=\s*["']?([\w.:-]+)/i.exec(bytes.subarray(0, 4096).toString('latin1'))?.[1];
}
