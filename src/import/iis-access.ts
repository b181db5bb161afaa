/**
 * Who might connect, log on and relay at an old server.
 * Owns: reading the two address lists for what they opened, and closing what was open to everybody.
 * Leaves: their bytes (address-list.ts).
 * compat: an empty RelayIpList meant that everybody may relay; it is closed here and reported.
 * Sources: KB 310356, KB 304897; doc "IIS 6.0 SDK: SMTP metabase properties".
 */
import { type AddressList, blobBytes, readAddressList } from './address-list.ts';
import type { Effective } from './metabase.ts';
import type { ServerImport } from './server-import.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'] as const;

export function importAccess(server: ServerImport): void {
  importConnections(server);
  importAuthentication(server);
  importTls(server);
  importRelay(server);
  server.setTruth(['access', 'reverseDnsCheck'], 'EnableReverseDnsLookup');
}

function importConnections(server: ServerImport): void {
  const found = server.written('IPSecurity');
  if (found === undefined || found.text.trim() === '') return;
  const list = readList(server, found, 'connection control');
  if (list === undefined) {
    // Nothing readable must not turn a closed server into an open one.
    server.set(['access', 'connections', 'default'], 'deny', found, 'not readable, so closed');
    server.set(
      ['access', 'connections', 'allow'],
      [...LOOPBACK],
      found,
      'not readable, so this machine alone',
    );
    return;
  }
  const { granted, denied } = list;
  const isList =
    granted.length > 0 ||
    list.grantedNames > 0 ||
    (denied.length === 0 && list.deniedNames === 0 && list.flags !== 0);
  server.set(['access', 'connections', 'default'], isList ? 'deny' : 'allow', found);
  if (isList) {
    server.set(['access', 'connections', 'allow'], withLoopback6(granted), found, loopbackWords(granted));
    if (granted.length === 0) {
      server.note('warning', 'nobody-connects', found, 'no address may connect; add those that must');
    }
  }
  if (denied.length > 0) server.set(['access', 'connections', 'deny'], denied, found);
}

function importRelay(server: ServerImport): void {
  const path = ['access', 'relayNetworks'];
  const found = server.written('RelayIpList');
  if (found === undefined) {
    server.set(path, [], undefined, 'RelayIpList absent: nobody may relay because of an address');
    server.note(
      'todo',
      'relay-nobody',
      undefined,
      'the relay list is empty: programs on this machine that send through port 25 to other domains get 550 5.7.1; add 127.0.0.0/8 and ::1/128 to access.relayNetworks if they did that',
    );
  } else if (found.text.trim() === '') {
    server.set(path, [...LOOPBACK], found, 'empty meant an open relay; closed to this machine');
    server.note(
      'warning',
      'open-relay',
      found,
      'RelayIpList is empty, which means that ANYBODY may send to anybody through this server. It was not taken over: only this machine may relay now. Add the networks of your own machines to access.relayNetworks',
    );
  } else {
    importRelayList(server, found, path);
  }
  const authenticated = server.get('RelayForAuth');
  const value = server.truth(authenticated);
  if (value !== undefined) server.set(['access', 'relayForAuthenticated'], value, authenticated);
}

function importRelayList(server: ServerImport, found: Effective, path: readonly string[]): void {
  const list = readList(server, found, 'the relay list');
  if (list === undefined) {
    server.set(path, [], found, 'not readable, so closed');
    return;
  }
  const { granted, denied } = list;
  const isOpen =
    granted.length === 0 &&
    list.grantedNames === 0 &&
    (denied.length > 0 || list.deniedNames > 0 || list.flags === 0);
  if (isOpen) {
    server.set(path, [...LOOPBACK], found, 'all but a list might relay; closed to this machine');
    server.note(
      'warning',
      'open-relay',
      found,
      `everybody but ${denied.length} listed networks might send to anybody through this server. It was not taken over: only this machine may relay now. Add the networks of your own machines to access.relayNetworks`,
    );
    return;
  }
  const safe = granted.filter((network) => !network.endsWith('/0'));
  if (safe.length < granted.length) {
    server.note(
      'warning',
      'open-relay',
      found,
      'the relay list grants every address there is; that entry was left out',
    );
  }
  if (denied.length > 0) {
    server.note(
      'warning',
      'relay-denied',
      found,
      `the list also denies ${denied.join(', ')}; access.relayNetworks has no exceptions: check that none of them is granted`,
    );
  }
  server.set(path, withLoopback6(safe), found, loopbackWords(safe));
}

function readList(server: ServerImport, found: Effective, what: string): AddressList | undefined {
  const bytes = blobBytes(found.text);
  const list = bytes.ok ? readAddressList(bytes.value) : bytes;
  if (!list.ok) {
    server.note(
      'warning',
      'unreadable-list',
      found,
      `${what} cannot be read (${list.reason}); it was closed`,
    );
    return undefined;
  }
  const names = list.value.grantedNames + list.value.deniedNames;
  if (names > 0) {
    server.note(
      'todo',
      'domain-names',
      found,
      `${what} holds ${names} domain names, which are not read: look them up on the old server and add them`,
    );
  }
  for (const odd of list.value.oddMasks) {
    server.note(
      'todo',
      'odd-mask',
      found,
      `${what} holds '${odd}', whose mask is no prefix; write it as networks with a prefix length`,
    );
  }
  return list.value;
}

/** Whoever grants 127.0.0.1 means this machine; programs reach it by ::1 today. */
function withLoopback6(networks: readonly string[]): string[] {
  const hasLoopback = networks.some((network) => network.startsWith('127.'));
  return hasLoopback && !networks.includes('::1/128') ? [...networks, '::1/128'] : [...networks];
}

function loopbackWords(networks: readonly string[]): string | undefined {
  return withLoopback6(networks).length > networks.length ? '::1 added beside 127.0.0.1' : undefined;
}

function importAuthentication(server: ServerImport): void {
  const found = server.get('AuthFlags');
  const flags = server.number(found);
  if (found === undefined || flags === undefined) return;
  const isAnonymous = (flags & 1) !== 0;
  server.set(['access', 'anonymous'], isAnonymous, found);
  if ((flags & ~1) === 0) return;
  const kinds = [
    ...((flags & 2) !== 0 ? ['Basic'] : []),
    ...((flags & 4) !== 0 ? ['Integrated Windows'] : []),
  ];
  server.note(
    isAnonymous ? 'todo' : 'warning',
    'users',
    found,
    `clients logged on with their Windows accounts (${kinds.join(', ') || 'other'}). Windows passwords cannot be taken over: create users with 'mailroot user add' and name their file in access.usersFile${isAnonymous ? '' : '; until then nobody can send to this server'}`,
  );
}

function importTls(server: ServerImport): void {
  const certificate = server.get('SSLCertHash');
  const flags = server.get('AccessSSLFlags');
  const value = server.number(flags) ?? 0;
  const isRequired = (value & 8) !== 0 || (value & 256) !== 0;
  if (isRequired) {
    server.set(['access', 'requireTls'], true, flags);
    const why = 'needed because TLS was required: put your certificate there';
    server.set(['tls', 'certificateFile'], `${server.name}-certificate.pem`, certificate ?? flags, why);
    server.set(['tls', 'keyFile'], `${server.name}-key.pem`, certificate ?? flags, why);
  }
  if (isRequired || certificate !== undefined) {
    server.note(
      'todo',
      'certificate',
      certificate ?? flags,
      'the certificate lies in the store of the old machine: export it with its key (PFX), turn it into PEM (openssl pkcs12 -in x.pfx -nodes) and name both files under tls',
    );
  }
}
