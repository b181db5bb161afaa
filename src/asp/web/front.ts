/**
 * What a request gets: a page, a file, a redirection, an error.
 * Owns: the order of the questions (header, target, host, method, what is there, bodies), how pages' answers reach the client.
 * Leaves: connections (server), paths (site-path), files (site-files, static-file), pages (site).
 * Fails: never; a defect of ours is 500 and a line in the event log.
 * Sources: RFC 9110 §9 and §15, RFC 9112 §3.2; doc "IIS ASPClassic handler" (GET, HEAD, POST).
 */
import { readFile } from 'node:fs/promises';
import type { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../base/index.ts';
import type { PageError, PageHead, PageOutcome, PageRequest } from '../contract.ts';
import type { Site } from '../site/site.ts';
import type { ErrorPage } from '../site/web-config.ts';
import { errorAnswer, redirectAnswer, type WebAnswer } from './answers.ts';
import { errorFiles, errorPageFor, executedTarget } from './error-pages.ts';
import {
  type HeaderList,
  hasBody,
  headerList,
  headerTrouble,
  isHostOf,
  pageRequest,
  plainAddress,
  readBody,
  readHost,
} from './incoming.ts';
import { PageStream, pageHeaders } from './page-stream.ts';
import type { RequestLog } from './request-log.ts';
import { extensionOf, MEDIA_TYPES } from './served-types.ts';
import type { SiteEntry } from './site-files.ts';
import { isHiddenName, readTarget, type Target } from './site-path.ts';
import { sendFile } from './static-file.ts';

export type FrontParts = {
  readonly site: Site;
  readonly clock: Clock;
  readonly requestLog: RequestLog | undefined;
};

type Path = Extract<Target, { kind: 'path' }>;

/** What is remembered of one request until it is logged. */
type Course = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly headers: HeaderList;
  subStatus: number;
  error: PageError | undefined;
  added: string;
  /** Set by the page that is not shown; the one in its place finds the session by them. */
  cookies: readonly string[];
  /** What is shown now is the site's page for an error: no other takes its place. */
  isErrorPage: boolean;
};

const PAGE_METHODS = ['GET', 'HEAD', 'POST'];
const FILE_METHODS = ['GET', 'HEAD'];
/** Most bytes of a file that is shown for an error. */
const MOST_ERROR_BYTES = 1024 * 1024;

export class Front {
  readonly #parts: FrontParts;
  readonly #idleMs: number;

  constructor(parts: FrontParts) {
    this.#parts = parts;
    this.#idleMs = parts.site.settings.config.limits.idleTime;
  }

  /** Answers one request. Resolves when the answer is handed on. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const course: Course = {
      request,
      reply,
      headers: headerList(request.raw.rawHeaders),
      subStatus: 0,
      error: undefined,
      added: '',
      cookies: [],
      isErrorPage: false,
    };
    this.#log(course);
    try {
      const answer = await this.#decide(course);
      const shown = answer && (await this.#shown(course, answer));
      if (shown !== undefined) await this.#send(course, shown);
    } catch (thrown) {
      const { site } = this.#parts;
      site.log.event('error', 'asp.defect', {
        site: site.name,
        path: request.originalUrl.slice(0, 200),
        reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      });
      if (!reply.sent && !reply.raw.headersSent) await this.#send(course, errorAnswer(500));
      else reply.raw.destroy();
    }
  }

  async #decide(course: Course): Promise<WebAnswer | undefined> {
    const { site } = this.#parts;
    const { raw } = course.request;
    const trouble = headerTrouble(course.headers, site.settings.config.limits.headerFields);
    if (trouble !== undefined) return errorAnswer(trouble.status, { close: true });
    if (course.request.originalUrl === '*' && raw.method === 'OPTIONS')
      return { ...errorAnswer(404), status: 200, headers: { Allow: PAGE_METHODS.join(', ') }, body: '' };
    const target = readTarget(course.request.originalUrl, site.web);
    if (target.kind === 'refused')
      return errorAnswer(target.status, { subStatus: target.status === 404 ? 5 : 0 });
    // RFC 9112 §3.2.2: the host of an absolute target wins over the Host field.
    const hostText = target.host ?? raw.headers.host;
    const host = hostText === undefined || hostText === '' ? undefined : readHost(hostText);
    if (hostText !== undefined && hostText !== '' && host === undefined)
      return errorAnswer(400, { close: true });
    if (!isHostOf(host?.name ?? '', site.settings.config.hostNames)) return errorAnswer(400, { close: true });
    const length = Number(raw.headers['content-length'] ?? 0);
    if (length > site.web.requestSize) return errorAnswer(413, { subStatus: 1, close: true });
    return this.#decidePath(course, target, host);
  }

  async #decidePath(
    course: Course,
    target: Path,
    host: ReturnType<typeof readHost>,
  ): Promise<WebAnswer | undefined> {
    const { site } = this.#parts;
    const entry = await site.files.find(target.path);
    switch (entry.kind) {
      case 'none':
        return errorAnswer(404);
      case 'forbidden':
        return errorAnswer(403);
      case 'file':
        return this.#file(course, target, entry, host);
      case 'folder': {
        if (!target.path.endsWith('/')) {
          const query = target.query === '' ? '' : `?${target.query}`;
          return redirectAnswer(301, `${encodeURI(target.path)}/${query}`);
        }
        for (const name of site.web.defaultDocuments) {
          if (isHiddenName(name)) continue;
          const path = `${target.path}${name}`;
          const found = await site.files.find(path);
          if (found.kind === 'file') return this.#file(course, { ...target, path }, found, host);
        }
        // A listing is never given.
        return errorAnswer(403, { subStatus: 14 });
      }
    }
  }

  async #file(
    course: Course,
    target: Path,
    entry: Extract<SiteEntry, { kind: 'file' }>,
    host: ReturnType<typeof readHost>,
  ): Promise<WebAnswer | undefined> {
    const { site } = this.#parts;
    const method = course.request.raw.method ?? '';
    const extension = extensionOf(target.path);
    if (extension === 'asp') {
      if (!PAGE_METHODS.includes(method))
        return errorAnswer(405, {
          headers: { Allow: PAGE_METHODS.join(', ') },
          close: hasBody(course.request.raw),
        });
      return this.#page(course, target, host);
    }
    // The name on the disk counts too: a symbolic link must not show what its target hides.
    const isHidden = isHiddenPath(entry.file.slice(site.files.root.length));
    const type = site.web.mediaTypes.get(extension) ?? MEDIA_TYPES.get(extension);
    if (isHidden || extensionOf(entry.file) === 'asp' || type === undefined)
      return errorAnswer(404, { subStatus: type === undefined ? 3 : 8 });
    if (!FILE_METHODS.includes(method))
      return errorAnswer(405, {
        headers: { Allow: FILE_METHODS.join(', ') },
        close: hasBody(course.request.raw),
      });
    await sendFile(course.request, course.reply, {
      root: site.files.root,
      file: entry.file,
      type,
      idleMs: this.#idleMs,
    });
    return undefined;
  }

  async #page(
    course: Course,
    target: Path,
    host: ReturnType<typeof readHost>,
  ): Promise<WebAnswer | undefined> {
    const body = await this.#body(course);
    if (!Buffer.isBuffer(body)) return body;
    const { path, query } = target;
    return this.#run(
      course,
      pageRequest(course.request.raw, { path, query, headers: course.headers, body, host }),
    );
  }

  async #run(course: Course, request: PageRequest): Promise<WebAnswer | undefined> {
    const { site } = this.#parts;
    const { raw } = course.request;
    const stream = new PageStream(course.reply, this.#idleMs);
    const answer = await site.run({
      request,
      cookies:
        course.cookies.length === 0
          ? raw.headers.cookie
          : [raw.headers.cookie ?? '', ...course.cookies.map((cookie) => cookie.split(';')[0]!)].join('; '),
      onPiece: (piece) => stream.write(piece),
      signal: stream.gone,
    });
    if (answer.kind === 'busy') return errorAnswer(503, { subStatus: 2, headers: { 'Retry-After': '5' } });
    const { outcome } = answer;
    course.error = outcome.error;
    course.added = outcome.logText;
    if (outcome.error !== undefined) course.subStatus = 100;
    if (stream.hasBegun) {
      stream.end(outcome.rest.bytes);
      return undefined;
    }
    const { head } = outcome.rest;
    if (head !== undefined && head.status >= 400 && this.#isReplaced(course, outcome)) {
      const shown = await this.#replaced(course, head);
      if (shown !== undefined) return shown === 'sent' ? undefined : shown;
    }
    await this.#sendPage(course, outcome);
    return undefined;
  }

  /** The site's page in place of what a page answers; its cookies go along. Undefined: there is none. */
  async #replaced(course: Course, head: PageHead): Promise<WebAnswer | 'sent' | undefined> {
    const page = errorPageFor(this.#parts.site.web.errorPages, head.status, course.subStatus);
    if (page === undefined) return undefined;
    const { reply } = course;
    course.cookies = head.headers.filter(([name]) => /^set-cookie$/i.test(name)).map(([, value]) => value);
    if (course.cookies.length > 0) reply.header('Set-Cookie', course.cookies);
    const answer = { ...errorAnswer(head.status), subStatus: course.subStatus };
    const shown = await this.#errorPage(course, page, answer);
    if (shown === undefined) reply.removeHeader('Set-Cookie');
    return shown;
  }

  /** Whether the site's page for a status stands in for what a page answers with that status. */
  #isReplaced({ isErrorPage }: Course, { error }: PageOutcome): boolean {
    const { site } = this.#parts;
    if (isErrorPage || site.web.errorPages.passThrough) return false;
    // A script error was told by the site's page for it already, or is to be seen.
    const { errorPage, scriptErrorSentToBrowser } = site.page.settings;
    return error === undefined || (errorPage === undefined && !scriptErrorSentToBrowser);
  }

  /** The site's own page for one of our errors, where it has one. */
  async #shown(course: Course, answer: WebAnswer): Promise<WebAnswer | undefined> {
    // Where the connection ends the request was not understood, or is too much: nothing is run for it.
    if (answer.status < 400 || answer.close || course.isErrorPage) return answer;
    const page = errorPageFor(this.#parts.site.web.errorPages, answer.status, answer.subStatus);
    if (page === undefined) return answer;
    const shown = await this.#errorPage(course, page, answer);
    return shown === 'sent' ? undefined : (shown ?? answer);
  }

  /** Undefined: there is no such page. */
  async #errorPage(
    course: Course,
    page: ErrorPage,
    answer: WebAnswer,
  ): Promise<WebAnswer | 'sent' | undefined> {
    const { site } = this.#parts;
    course.isErrorPage = true;
    course.subStatus = answer.subStatus;
    if (page.mode === 'Redirect') return redirectAnswer(302, page.path);
    if (page.mode === 'File') {
      const language = String(course.request.raw.headers['accept-language'] ?? '');
      for (const path of errorFiles(page, site.settings.config.windowsFolder, language)) {
        const found = await this.#errorFile(path, answer);
        if (found !== undefined) return found;
      }
    } else {
      const { raw, originalUrl } = course.request;
      const host = readHost(raw.headers.host ?? '');
      const scheme = (raw.socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
      const name = host?.name ?? plainAddress(raw.socket.localAddress);
      const asked = originalUrl.replace(/^https?:\/\/[^/]*/i, '').replace(/[<>"'`]/g, encodeURIComponent);
      const target = executedTarget(
        page,
        answer.status,
        `${scheme}://${name}:${raw.socket.localPort}${asked}`,
      );
      const entry = isHiddenPath(target.path) ? undefined : await site.files.find(target.path);
      if (entry?.kind === 'file' && extensionOf(target.path) === 'asp') {
        // It is asked for as if by itself: what was sent with the request was for another page.
        const headers = course.headers.filter(([field]) => !/^(?:content-|transfer-encoding$)/i.test(field));
        const request = pageRequest(raw, { ...target, headers, body: Buffer.alloc(0), host });
        const shown = await this.#run(course, { ...request, method: raw.method === 'HEAD' ? 'HEAD' : 'GET' });
        return shown ?? 'sent';
      }
      const found = await this.#errorFile(target.path, answer);
      if (found !== undefined) return found;
    }
    site.errorPageMissing(answer.status, page.path);
    return undefined;
  }

  /** A file in place of our own page for an error. */
  async #errorFile(path: string, answer: WebAnswer): Promise<WebAnswer | undefined> {
    const { site } = this.#parts;
    const type = site.web.mediaTypes.get(extensionOf(path)) ?? MEDIA_TYPES.get(extensionOf(path));
    if (type === undefined || extensionOf(path) === 'asp' || isHiddenPath(path)) return undefined;
    const entry = await site.files.find(path);
    if (
      entry.kind !== 'file' ||
      entry.bytes > MOST_ERROR_BYTES ||
      isHiddenPath(entry.file.slice(site.files.root.length))
    )
      return undefined;
    const { 'Content-Security-Policy': _, ...headers } = answer.headers;
    try {
      return { ...answer, headers: { ...headers, 'Content-Type': type }, body: await readFile(entry.file) };
    } catch {
      return undefined;
    }
  }

  /** The body for the page; an answer when it cannot be taken. */
  async #body(course: Course): Promise<Buffer | WebAnswer | undefined> {
    const { site } = this.#parts;
    const { raw } = course.request;
    if (!hasBody(raw)) return Buffer.alloc(0);
    // A page that reads a form beyond the limit fails with ASP 0104; one that does not runs. So the body is not read.
    if (Number(raw.headers['content-length'] ?? 0) > site.web.formSize) return Buffer.alloc(0);
    const body = await readBody(raw, site.web.formSize);
    if (body === 'too-large') return errorAnswer(413, { subStatus: 1, close: true });
    return body === 'gone' ? undefined : body;
  }

  async #sendPage(course: Course, outcome: PageOutcome): Promise<void> {
    const { head, bytes } = outcome.rest;
    if (head === undefined) throw new Error('the page gave no head');
    const { reply } = course;
    if (reply.raw.destroyed) return;
    writeHead(reply, head);
    const hasNoBody = head.status === 204 || head.status === 304 || head.status < 200;
    await reply.send(hasNoBody ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  async #send(course: Course, answer: WebAnswer): Promise<void> {
    const { reply } = course;
    course.subStatus = answer.subStatus;
    if (reply.raw.destroyed) return;
    reply.code(answer.status).headers(answer.headers);
    if (answer.close) reply.header('Connection', 'close');
    await reply.send(answer.body);
  }

  #log(course: Course): void {
    const { requestLog, clock } = this.#parts;
    if (requestLog === undefined) return;
    const { raw } = course.request;
    const { socket } = raw;
    const begun = clock.monotonicMs();
    // Taken now: a closed socket has forgotten them.
    const serverAddress = plainAddress(socket.localAddress);
    const serverPort = socket.localPort ?? 0;
    const clientAddress = plainAddress(socket.remoteAddress);
    course.reply.raw.once('close', () => {
      requestLog.add({
        serverAddress,
        serverPort,
        clientAddress,
        method: raw.method ?? '',
        target: course.request.originalUrl,
        userAgent: raw.headers['user-agent'],
        referrer: raw.headers.referer,
        status: course.reply.raw.headersSent ? course.reply.raw.statusCode : 0,
        subStatus: course.subStatus,
        tookMs: clock.monotonicMs() - begun,
        error: course.error,
        added: course.added,
      });
    });
  }
}

function isHiddenPath(path: string): boolean {
  return path.split(/[\\/]/).some((name) => name !== '' && isHiddenName(name));
}

function writeHead(reply: FastifyReply, head: PageHead): void {
  reply.code(head.status);
  reply.raw.statusMessage = head.reason;
  for (const [name, value] of pageHeaders(head)) reply.header(name, value);
}
