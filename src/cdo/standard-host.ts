/**
 * The host of programs that bring none: this machine, the standards profile, SMTP through the relay's own client; and the
 * defaults that a service on this machine gives to new configurations.
 * Fetching is off until hosts are allowed; see createFetch.
 */
import { foldersBelow } from '../mailroot/index.ts';
import { type CdoHost, type ConfigurationDefaults, createHost, type HostOptions } from './host.ts';
import { nntpPosting } from './nntp-post.ts';
import { smtpSubmission } from './submit.ts';

export function standardHost(options: HostOptions = {}): CdoHost {
  return createHost({ smtp: smtpSubmission(), nntp: nntpPosting(), ...options });
}

/**
 * The defaults of a service whose folders lie below `mailroot`: new messages go into its Pickup, GetMessages reads its Drop.
 *
 *     const host = standardHost({ defaults: () => mailrootDefaults('/var/lib/mailroot') });
 */
export function mailrootDefaults(mailroot: string): ConfigurationDefaults {
  const folders = foldersBelow(mailroot);
  return { fields: { sendusing: 1, smtpserverpickupdirectory: folders.pickup }, dropFolder: folders.drop };
}
