/**
 * Attachments and related resources: from files, pages, and content at hand.
 * Owns: reading them, their type, name and headers.  Leaves: the tree (structure.ts), fetching (host ports).
 * Sources: reference A1.2 (AddAttachment, AddRelatedBodyPart), A5.4.
 */
import type { Configuration } from './configuration.ts';
import { CdoError, fileError } from './errors.ts';
import { type CdoHost, PortMissing } from './host.ts';
import { parseLocation } from './locations.ts';
import { mediaTypeOf } from './media-types.ts';
import type { Part } from './part.ts';
import { ask, type HttpGetAnswer, type Steps } from './steps.ts';
import { addAttachmentPart, addRelatedPart } from './structure.ts';

/** Content at hand, for programs in TypeScript. */
export type AttachmentSource = {
  readonly content: Uint8Array | string | AsyncIterable<Uint8Array | string>;
  readonly fileName: string;
  /** By the file name's extension when absent. */
  readonly contentType?: string;
  readonly charset?: string;
};

/** What attaching needs of a message. */
export type Attachable = {
  readonly root: Part;
  readonly host: CdoHost;
  readonly configuration: Configuration;
};

/** A file or page that was read. */
export type Resource = {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly charset?: string;
  readonly fileName: string;
  /** Where it was read from, behind redirects. */
  readonly url: string;
};

const UNKNOWN_TYPE = 'application/octet-stream';

export async function attachContent(root: Part, source: AttachmentSource): Promise<Part> {
  const bytes = await collect(source.content);
  const part = newAttachment(
    root,
    source.contentType ?? mediaTypeOf(source.fileName) ?? UNKNOWN_TYPE,
    source.fileName,
  );
  part.content = { kind: 'bytes', bytes };
  if (source.charset !== undefined) part.charset = source.charset;
  return part;
}

async function collect(content: AttachmentSource['content']): Promise<Buffer> {
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  if (content instanceof Uint8Array)
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

export function* addAttachmentSteps(
  message: Attachable,
  written: string,
  user?: string,
  password?: string,
): Steps<Part> {
  const resource = yield* readResourceSteps(message, written, user, password);
  const part = newAttachment(message.root, resource.mediaType, resource.fileName);
  if (resource.charset !== undefined) part.charset = resource.charset;
  part.content = { kind: 'bytes', bytes: resource.bytes };
  return part;
}

function newAttachment(root: Part, mediaType: string, fileName: string): Part {
  const part = addAttachmentPart(root);
  part.setContentType(mediaType);
  if (fileName !== '') part.setParameter('name', fileName);
  part.setDisposition('attachment');
  if (fileName !== '') part.dispositionParameters.set('filename', fileName);
  return part;
}

export function* addRelatedSteps(
  message: Attachable,
  options: {
    readonly url: string;
    readonly reference: string;
    readonly referenceType: 'id' | 'location';
    readonly user: string | undefined;
    readonly password: string | undefined;
  },
): Steps<Part> {
  const resource = yield* readResourceSteps(message, options.url, options.user, options.password);
  return relate(message.root, resource, options.referenceType, options.reference);
}

/** Puts a resource beside the HTML body. */
export function relate(
  root: Part,
  resource: Resource,
  referenceType: 'id' | 'location',
  reference: string,
): Part {
  const part = addRelatedPart(root);
  part.setContentType(resource.mediaType);
  if (resource.charset !== undefined) part.charset = resource.charset;
  if (resource.fileName !== '') part.setParameter('name', resource.fileName);
  part.encoding = 'base64';
  if (referenceType === 'id') part.header.set('Content-ID', `<${reference.replace(/^<|>$/g, '')}>`, 'raw');
  else part.header.set('Content-Location', reference, 'raw');
  part.content = { kind: 'bytes', bytes: resource.bytes };
  return part;
}

/** Reads a path or URL as a program wrote it. */
export function* readResourceSteps(
  message: Attachable,
  written: string,
  user?: string,
  password?: string,
): Steps<Resource> {
  const location = parseLocation(written);
  if (location.kind === 'url')
    return yield* fetchSteps(message, location.url, location.fileName, user, password);
  const path = message.host.mapPath(location.path);
  let bytes: Buffer;
  try {
    bytes = yield* ask('file.read', { path });
  } catch (failure) {
    throw fileError(failure, path);
  }
  return {
    bytes,
    mediaType: mediaTypeOf(location.fileName) ?? UNKNOWN_TYPE,
    fileName: location.fileName,
    url: `file:///${location.path.replaceAll('\\', '/').replace(/^\/+/, '')}`,
  };
}

function* fetchSteps(
  message: Attachable,
  url: string,
  fileName: string,
  user?: string,
  password?: string,
): Steps<Resource> {
  const { configuration } = message;
  configuration.settle();
  const answer = yield* fetchAnswer({
    url,
    ...(user && { user }),
    ...(password && { password }),
    ...(configuration.text('urlproxyserver') && { proxy: configuration.text('urlproxyserver') }),
    ...(configuration.text('urlproxybypass') && { proxyBypass: configuration.text('urlproxybypass') }),
    ...(configuration.text('httpcookies') && { cookies: configuration.text('httpcookies') }),
    fresh: configuration.boolean('urlgetlatestversion'),
  });
  const [mediaType = '', ...parameters] = answer.contentType.split(';');
  const charset = parameters.map((text) => /^\s*charset\s*=\s*"?([^"\s]+)/i.exec(text)?.[1]).find(Boolean);
  const name = answer.fileName ?? fileName;
  return {
    bytes: Buffer.from(answer.bytes),
    mediaType: mediaType.trim().toLowerCase() || (mediaTypeOf(name) ?? UNKNOWN_TYPE),
    ...(charset !== undefined && { charset }),
    fileName: name,
    url: answer.url,
  };
}

function* fetchAnswer(request: Parameters<typeof ask<'http.get'>>[1]): Steps<HttpGetAnswer> {
  let answer: HttpGetAnswer;
  try {
    answer = yield* ask('http.get', request);
  } catch (failure) {
    const hint = failure instanceof PortMissing ? failure.message : undefined;
    throw new CdoError('CDO_E_HTTP_FAILED', {
      inserts: ['not available'],
      cause: failure,
      ...(hint !== undefined && { hint }),
    });
  }
  if (answer.status >= 200 && answer.status < 300) return answer;
  const response = answer.status === 0 ? answer.statusText : `${answer.status} ${answer.statusText}`.trim();
  if (answer.status === 404 || answer.status === 410)
    throw httpError('CDO_E_HTTP_NOT_FOUND', response, request.url);
  if (answer.status === 401 || answer.status === 403)
    throw httpError('CDO_E_HTTP_FORBIDDEN', response, request.url);
  throw httpError('CDO_E_HTTP_FAILED', response, request.url);
}

function httpError(
  code: 'CDO_E_HTTP_NOT_FOUND' | 'CDO_E_HTTP_FORBIDDEN' | 'CDO_E_HTTP_FAILED',
  response: string,
  url: string,
): CdoError {
  return new CdoError(code, { inserts: [response], hint: url });
}
