/**
 * Answers that are not a page's: errors and redirections.
 * Owns: their texts. They repeat nothing that the client sent, and tell no path, version or reason.
 * Sources: RFC 9110 §15.
 */
export type WebAnswer = {
  readonly status: number;
  /** For the log: 100 a script error, 14 no listing. */
  readonly subStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** The connection ends with this answer. */
  readonly close: boolean;
};

const TEXTS: Readonly<Record<number, readonly [title: string, advice: string]>> = {
  400: ['Bad Request', 'The request cannot be understood.'],
  403: ['Forbidden', 'You may not look into this folder.'],
  404: ['Not Found', 'There is no page at this address.'],
  405: ['Method Not Allowed', 'This page cannot be asked for in this way.'],
  408: ['Request Timeout', 'The request took too long to arrive.'],
  413: ['Content Too Large', 'What was sent is larger than this site takes.'],
  414: ['URI Too Long', 'The address is longer than this site takes.'],
  431: ['Request Header Fields Too Large', 'The header of the request is larger than this site takes.'],
  500: [
    'Internal Server Error',
    'The page could not be shown. The administrator finds the reason in the log.',
  ],
  501: ['Not Implemented', 'This method does not exist here.'],
  503: ['Service Unavailable', 'The site has too much to do. Please try again in a moment.'],
};

/** An error with a small page of its own. */
export function errorAnswer(
  status: number,
  options: {
    readonly subStatus?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly close?: boolean;
  } = {},
): WebAnswer {
  const [title, advice] = TEXTS[status] ?? ['Error', 'The request was refused.'];
  return {
    status,
    subStatus: options.subStatus ?? 0,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'",
      ...options.headers,
    },
    body: `<!DOCTYPE html>\n<html lang="en"><head><title>${status} ${title}</title></head><body><h1>${title}</h1><p>${advice}</p></body></html>\n`,
    close: options.close ?? false,
  };
}

/** To another place of this site: `location` is a path, so the Host field decides nothing. */
export function redirectAnswer(status: 301 | 302, location: string): WebAnswer {
  return {
    status,
    subStatus: 0,
    headers: { Location: location, 'Content-Type': 'text/html; charset=utf-8' },
    body: '',
    close: false,
  };
}

/** What the parser of HTTP itself refuses, as bytes: there is no request to answer yet. */
export function bareAnswer(status: number): string {
  const { body } = errorAnswer(status);
  const [title] = TEXTS[status] ?? ['Error'];
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
