/** The outcome room's slice of a server's settings, and the queue's retry schedule. */
import { RelayError } from '../base/index.ts';
import type { NamedServer } from '../config/index.ts';
import { domainName, type Mailbox } from '../envelope/index.ts';
import { parseAddress } from '../message/index.ts';
import type { OutcomeSettings } from '../outcome/index.ts';
import type { RetrySchedule } from '../queue/index.ts';

/** `fqdn` is the server's name. Throws RelayError for an address that only a parser of addresses can judge. */
export function outcomeSlice(server: NamedServer, fqdn: string): OutcomeSettings {
  const { delivery, domains, limits, reports } = server;
  const reportDomain = domainName(delivery.masqueradeDomain ?? domains.default ?? fqdn);
  if (reportDomain === undefined) {
    throw new RelayError(
      'config-invalid',
      `The name '${fqdn}' is no domain name; set 'fqdn' in the configuration.`,
    );
  }
  return {
    fqdn,
    reportFrom: { localPart: reports.postmaster, domain: reportDomain },
    ...(reports.copyTo !== undefined && { copyNdrTo: mailbox(reports.copyTo, 'reports.copyTo') }),
    maxReturnedBytes: reports.returnedMessageSize,
    maxHops: limits.hopCount,
    remote: { delayNoticeMs: delivery.delayNotice, expiryMs: delivery.expiry },
    local: { delayNoticeMs: delivery.localDelayNotice, expiryMs: delivery.localExpiry },
  };
}

export function retrySchedule({ delivery }: NamedServer): RetrySchedule {
  return { remoteMs: delivery.retryIntervals, localMs: delivery.localRetryIntervals };
}

/** An address from the settings as a mailbox. */
export function mailbox(text: string, setting: string): Mailbox {
  const result = parseAddress(text);
  if (result.ok) return result.value.mailbox;
  throw new RelayError('config-invalid', `${setting}: '${text}' is no mail address: ${result.reason}.`);
}
