/**
 * Reply and EnhancedStatus: what a server answers. Code, status and text stay apart until bytes are written.
 * Sources: RFC 5321 §4.2; RFC 3463 §2; RFC 2034 §3.
 */

/** `2.1.5`: class, subject, detail. */
export type EnhancedStatus = `${2 | 4 | 5}.${number}.${number}`;

export type Reply = {
  /** Three digits, 200–599. */
  readonly code: number;
  readonly status?: EnhancedStatus;
  /** One or more lines without code, status, CR or LF. */
  readonly lines: readonly string[];
};

export function reply(code: number, status: EnhancedStatus | undefined, ...lines: readonly string[]): Reply {
  return status === undefined ? { code, lines } : { code, status, lines };
}

export type ReplyClass = 'positive' | 'intermediate' | 'temporary' | 'permanent';

/** Temporary or permanent is derived here and nowhere else. */
export function replyClass(answer: Reply): ReplyClass {
  if (answer.code < 300) return 'positive';
  if (answer.code < 400) return 'intermediate';
  return answer.code < 500 ? 'temporary' : 'permanent';
}

/** One line for logs and diagnostics: `550 5.1.1 no such user`. Lines of a multi-line reply are joined by a blank. */
export function formatReply(answer: Reply): string {
  const status = answer.status === undefined ? '' : `${answer.status} `;
  return `${answer.code} ${status}${answer.lines.join(' ')}`.trimEnd();
}

/** The status of a reply, or the generic one of its class when the server gave none (RFC 3463 §3.1). */
export function statusOf(answer: Reply): EnhancedStatus {
  if (answer.status !== undefined) return answer.status;
  return answer.code < 300 ? '2.0.0' : answer.code < 500 ? '4.0.0' : '5.0.0';
}
