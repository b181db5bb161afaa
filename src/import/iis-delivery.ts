/**
 * The Delivery tab of an old server: retry times, outbound security, connections, smart host.
 * Owns: minutes and seconds → durations, SmartHostType, the server's own RouteAction.
 * Sources: KB 303734, KB 303701, KB 303668; doc "IIS 6.0 SDK: SMTP metabase properties".
 */
import { hostText, importCredentials } from './iis-domains.ts';
import type { Effective } from './metabase.ts';
import { bitsOf } from './route-action.ts';
import type { ServerImport } from './server-import.ts';

export function importDelivery(server: ServerImport): void {
  importSmartHost(server);
  importSecurity(server);
  server.setNumber(['delivery', 'port'], 'RemoteSmtpPort', (port) => port);
  importMasquerade(server);
  importRetry(server);
  const expiry = (setting: string, property: string): void =>
    server.setNumber(['delivery', setting], property, (minutes) =>
      minutesText(Math.min(Math.max(minutes, 1), 43_200)),
    );
  expiry('delayNotice', 'SmtpRemoteDelayExpireMinutes');
  expiry('expiry', 'SmtpRemoteNDRExpireMinutes');
  server.setNumber(['delivery', 'localRetryIntervals'], 'LocalRetryInterval', (minutes) => [
    minutesText(Math.max(minutes, 1)),
  ]);
  expiry('localDelayNotice', 'SmtpLocalDelayExpireMinutes');
  expiry('localExpiry', 'SmtpLocalNDRExpireMinutes');
  const most = (setting: string, property: string, limit: number): void =>
    server.setNumber(['delivery', setting], property, (value) =>
      value === 0 || value > limit ? limit : value,
    );
  most('connections', 'MaxOutConnections', 100_000);
  most('connectionsPerDomain', 'MaxOutConnectionsPerDomain', 100_000);
  server.setNumber(['delivery', 'connectionTimeout'], 'RemoteTimeout', (seconds) =>
    seconds === 0 ? '10m' : `${Math.min(seconds, 3600)}s`,
  );
  most('messagesPerConnection', 'MaxBatchedMessages', 1_000_000);
  most('recipientsPerTransaction', 'MaxRecipients', 10_000);
}

function importSmartHost(server: ServerImport): void {
  const host = server.get('SmartHost');
  if (host === undefined || host.text.trim() === '') return;
  const type = server.get('SmartHostType');
  const value = server.number(type) ?? 0;
  if (value === 0) {
    server.note(
      'warning',
      'smart-host-off',
      host,
      `the smart host ${host.text} is named, but SmartHostType is 0: it was not used and mail went out by DNS. Set delivery.smartHost if it should be used`,
    );
    return;
  }
  server.set(['delivery', 'smartHost'], hostText(host.text), host);
  if (value === 1) server.set(['delivery', 'directFirst'], true, type);
}

function importSecurity(server: ServerImport): void {
  const action = server.get('RouteAction');
  const always = server.get('AlwaysUseSsl');
  const bits = bitsOf(server.number(action) ?? 0);
  const forced = server.truth(always) === true;
  if (bits.includes('tls') || forced) server.set(['delivery', 'tls'], 'required', forced ? always : action);
  const trusted = server.get('SmtpSSLRequireTrustedCA');
  const named = server.get('SmtpSSLCertHostnameValidation');
  const checks = [trusted, named].filter((found): found is Effective => server.truth(found) === true);
  if (checks.length > 0) server.set(['delivery', 'verifyCertificate'], true, checks[0]);
  importCredentials(server, bits, {
    at: `${server.path}${action === undefined ? '' : `, ${action.place}`}`,
    user: server.get('RouteUserName'),
    smartHost: server.draft.value(['servers', server.name, 'delivery', 'smartHost']),
    passwordFile: `${server.name}.password`,
    set: (setting, value, comment) => {
      server.draft.set(['servers', server.name, 'delivery', setting], value, comment);
      server.draft.row(server.path, comment, `delivery.${setting}: ${String(value)}`);
    },
  });
}

function importMasquerade(server: ServerImport): void {
  const domain = server.get('MasqueradeDomain');
  if (domain === undefined || domain.text.trim() === '') return;
  const toggle = server.written('DoMasquerade');
  if (toggle !== undefined && server.truth(toggle) === false) {
    server.note(
      'dropped',
      'masquerade-off',
      toggle,
      `the masquerade domain ${domain.text} is named but switched off`,
    );
    return;
  }
  server.set(['delivery', 'masqueradeDomain'], domain.text.trim(), domain);
}

function importRetry(server: ServerImport): void {
  const found = server.get('SmtpRemoteProgressiveRetry');
  if (found === undefined || found.text.trim() === '') return;
  const minutes = found.text
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map(Number);
  if (minutes.some((value) => !Number.isInteger(value) || value < 1)) {
    server.note(
      'todo',
      'unreadable',
      found,
      `the retry intervals '${found.text}' are no list of minutes; the usual 15, 30, 60, 240 hold`,
    );
    return;
  }
  server.set(
    ['delivery', 'retryIntervals'],
    minutes.map((value) => minutesText(Math.min(value, 43_200))),
    found,
  );
}

function minutesText(minutes: number): string {
  return minutes % 1440 === 0
    ? `${minutes / 1440}d`
    : minutes % 60 === 0
      ? `${minutes / 60}h`
      : `${minutes}m`;
}
