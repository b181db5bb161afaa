/**
 * The host of programs that bring none: this machine, the standards profile, SMTP through the relay's own client.
 * Fetching is off until hosts are allowed; see createFetch.
 */
import { type CdoHost, createHost, type HostOptions } from './host.ts';
import { nntpPosting } from './nntp-post.ts';
import { smtpSubmission } from './submit.ts';

export function standardHost(options: HostOptions = {}): CdoHost {
  return createHost({ smtp: smtpSubmission(), nntp: nntpPosting(), ...options });
}
