/**
 * Submission over the relay's own SMTP client.
 * Owns: the translation of request and result.  Leaves: the dialogue (smtp/client).
 */
import { formatReply } from '../envelope/index.ts';
import { type Stage, submit } from '../smtp/index.ts';
import type { SmtpStage, SmtpSubmission, SmtpSubmissionRequest, SmtpSubmissionResult } from './submission.ts';

export type SubmissionOptions = {
  /** PEM texts to trust instead of the platform's certificate authorities. */
  readonly certificateAuthorities?: string | readonly string[];
};

/** Sends through smtp/client: one transaction for all recipients, delivered to all or to none. */
export function smtpSubmission(options: SubmissionOptions = {}): SmtpSubmission {
  return {
    async submit(request: SmtpSubmissionRequest): Promise<SmtpSubmissionResult> {
      const result = await submit({
        server: request.server.replace(/^\[(?:IPv6:)?(.*)\]$/i, '$1'),
        port: request.port,
        connectionTimeoutMs: request.connectionTimeoutMs,
        tls: request.tls,
        auth: authOf(request.authentication),
        heloName: request.heloName,
        envelope: request.envelope,
        message: request.message,
        onRefusedRecipient: 'send-to-none',
        ...options,
      });
      if (result.sent) return { kind: 'sent', response: formatReply(result.reply) };
      const { failure } = result;
      const cause = CAUSES[failure.problem];
      return {
        kind: 'failed',
        stage: stageOf(failure.stage),
        cause: cause ?? (failure.reply === undefined ? 'dropped' : 'refused'),
        ...(failure.reply !== undefined && {
          response: formatReply(failure.reply),
          replyCode: failure.reply.code,
        }),
        reason: failure.text,
      };
    },
  };
}

const CAUSES: Readonly<Record<string, 'refused' | 'unavailable' | 'not-connected' | undefined>> = {
  rejected: 'refused',
  'connection-refused': 'not-connected',
  unreachable: 'not-connected',
  'tls-failed': 'not-connected',
  'tls-not-offered': 'not-connected',
  'auth-not-offered': 'unavailable',
  'too-large': 'refused',
  'needs-smtputf8': 'refused',
};

function stageOf(stage: Stage): SmtpStage {
  return stage === 'quit' ? 'end-of-data' : stage;
}

function authOf(
  authentication: SmtpSubmissionRequest['authentication'],
): Parameters<typeof submit>[0]['auth'] {
  // compat: programs send their password where the server's administrator allows it, also without TLS.
  if (authentication.method === 'none') return { kind: 'none' };
  const { user, password } = authentication;
  if (authentication.method === 'basic') return { kind: 'basic', user, password, allowPlainText: true };
  const [, domain, name] = /^([^\\]+)\\(.+)$/.exec(user) ?? [];
  return {
    kind: 'ntlm',
    user: name ?? user,
    password,
    ...(domain !== undefined && { domain }),
    allowPlainText: true,
  };
}
