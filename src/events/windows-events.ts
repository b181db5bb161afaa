/**
 * The events of the old products: which of ours carries which source, id and severity.
 * Owns: the table; docs/events.md is proven to list it.  Leaves: writing events (the rooms), listing them (cli/events.ts).
 * Only ids that are documented stand here; an event without a row has no number.
 * Sources: KB 228475 (115), KB 250441 (4164), KB 286673 (4000), KB 306308 (1023, 4018, 4116); doc "Option Pack: SMTP service events" (402).
 */

export type WindowsSeverity = 'error' | 'warning' | 'information' | 'failure audit';

export type WindowsEvent = {
  readonly source: string;
  readonly id: number;
  readonly severity: WindowsSeverity;
  readonly category?: string;
  readonly meaning: string;
};

/** By the name of our event. */
export const WINDOWS_EVENTS: Readonly<Record<string, WindowsEvent>> = {
  'relay.port-taken': {
    source: 'SMTPSVC',
    id: 115,
    severity: 'error',
    meaning: 'The service could not be bound: the port is in use.',
  },
  'smtp.connection-limited': {
    source: 'SMTPSVC',
    id: 402,
    severity: 'error',
    meaning: 'The most incoming connections are open; further ones are closed.',
  },
  'outcome.deferred': {
    source: 'smtpsvc',
    id: 4000,
    severity: 'warning',
    meaning: 'Delivery to the remote domain failed for now.',
  },
  'delivery.back-off': {
    source: 'smtpsvc',
    id: 4006,
    severity: 'warning',
    meaning: 'No host of the remote domain could be connected.',
  },
  'pickup.archived': {
    source: 'MSExchangeIMC',
    id: 4164,
    severity: 'warning',
    category: 'Message Transfer',
    meaning:
      'A file of Pickup names no originator or no recipients, or is no message; it was moved to Pickup/Archive.',
  },
  'logon.refused': {
    source: 'MSExchangeIS Private',
    id: 1023,
    severity: 'failure audit',
    category: 'Logons',
    meaning: 'The service was known and may not log on: logonOnlyAs lacks its name.',
  },
  'logon.start-refused': {
    source: 'MSExchangeIMC',
    id: 4018,
    severity: 'error',
    category: 'Initialization-Termination',
    meaning: 'The service did not start, because it may not log on.',
  },
  'logon.message-set-aside': {
    source: 'MSExchangeIMC',
    id: 4116,
    severity: 'error',
    category: 'Internal Processing',
    meaning: 'The message that was being handled was moved to Badmail, whole; there may have been none.',
  },
};
