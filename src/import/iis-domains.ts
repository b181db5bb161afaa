/**
 * Domains of an old server: the default domain, alias domains, remote domains with their RouteAction bits.
 * Owns: which bits make a domain local, which settings a remote domain gets.  Leaves: the server's own route (iis-delivery.ts).
 * Sources: KB 303668, KB 183476; doc "Managing SMTP domains"; doc "RouteAction metabase property".
 */
import type { Effective, MetabaseNode } from './metabase.ts';
import { bitsOf, type RouteActionBit } from './route-action.ts';
import { type ServerImport, shorten } from './server-import.ts';

/** Bits that only speak of features of the old product or of Exchange. */
const WITHOUT_COUNTERPART: Partial<Record<RouteActionBit, string>> = {
  ipRelay: 'relay by address for one domain',
  authRelay: 'relay by log-on for one domain',
  clientTurn: 'fetching mail with TURN',
  clientEtrn: 'asking for mail with ETRN',
  disableEtrn: 'switching ETRN off',
  disableChunking: 'switching CHUNKING off',
  disableBinaryMime: 'switching BINARYMIME off',
  disableDsn: 'switching DSN off',
  disablePipelining: 'switching PIPELINING off',
};

export function importDomains(server: ServerImport): void {
  server.setText(['domains', 'default'], 'DefaultDomain');
  const root = `${server.path}/Domain`;
  const local: { name: string; node: MetabaseNode }[] = [];
  for (const node of server.metabase.below(root)) {
    const name = node.path.slice(root.length + 1);
    if (name === '' || name.includes('/')) continue;
    const get = (property: string): Effective | undefined => ownValue(server, node, property);
    const action = get('RouteAction');
    const bits = bitsOf(server.number(action) ?? 0);
    if (bits.some((bit) => bit === 'alias' || bit === 'drop' || bit === 'deliver' || bit === 'default')) {
      local.push({ name, node });
      if (bits.includes('deliver')) {
        server.noteAt(
          'todo',
          'mailboxes',
          place(node),
          `mail for ${name} went to mailboxes of the POP3 service; here it goes to Drop, for another program to fetch`,
        );
      }
      const folder = get('RouteActionString');
      if (bits.includes('drop') && folder !== undefined && folder.text !== '') {
        server.noteAt(
          'todo',
          'drop-folder',
          place(node),
          `mail for ${name} was dropped in ${shorten(folder.text)}; here all local mail goes to one Drop folder`,
        );
      }
    } else {
      importRemote(server, name, node, bits, get);
    }
  }
  if (local.length > 0) {
    const names = local.map(({ name }) => name);
    server.draft.set(
      ['servers', server.name, 'domains', 'local'],
      names,
      `RouteAction alias or drop, ${local.map(({ node }) => `line ${node.line}`).join(', ')}`,
    );
    for (const { name, node } of local)
      server.draft.row(
        place(node),
        `RouteAction = ${ownValue(server, node, 'RouteAction')?.text ?? ''}`,
        `domains.local: ${name}`,
      );
  }
}

function importRemote(
  server: ServerImport,
  name: string,
  node: MetabaseNode,
  bits: readonly RouteActionBit[],
  get: (property: string) => Effective | undefined,
): void {
  const at = place(node);
  const action = get('RouteAction');
  const origin =
    action === undefined
      ? `domain without RouteAction, line ${node.line}`
      : `RouteAction ${shorten(action.text)}, ${action.place}`;
  const set = (setting: string, value: unknown, comment: string, old: string): void => {
    server.draft.set(['servers', server.name, 'domains', 'remote', name, setting], value, comment);
    server.draft.row(at, old, `domains.remote.${name}.${setting}: ${String(value)}`);
  };
  server.draft.title(['servers', server.name, 'domains', 'remote', name], at);
  const old = `RouteAction = ${action?.text ?? '(absent)'}`;
  set('allowRelay', bits.includes('domainRelay'), `${origin}: bit 0x1000`, old);
  if (bits.includes('domainRelay')) {
    server.noteAt(
      'todo',
      'relay-domain',
      at,
      `anybody may send to ${name} through this server; keep that only if its mail really passes here`,
    );
  }
  const host = get('RouteActionString');
  if (bits.includes('smartHost')) {
    if (host === undefined || host.text.trim() === '') {
      server.noteAt(
        'todo',
        'no-host',
        at,
        `mail for ${name} went to a host of its own, but no host is named; its MX hosts are used`,
      );
    } else {
      set(
        'smartHost',
        hostText(host.text),
        `${origin}: bit 0x2; RouteActionString`,
        `RouteActionString = ${shorten(host.text)}`,
      );
    }
  } else if (host !== undefined && host.text.trim() !== '') {
    server.noteAt(
      'todo',
      'host-unused',
      at,
      `the host ${shorten(host.text)} is named for ${name}, but RouteAction does not say to use it`,
    );
  }
  if (bits.includes('helo')) set('greetWithHelo', true, `${origin}: bit 0x400000`, old);
  if (bits.includes('etrnHold')) set('holdForEtrn', true, `${origin}: bit 0x200`, old);
  if (bits.includes('tls')) set('tls', 'required', `${origin}: bit 0x4`, old);
  importCredentials(server, bits, {
    at,
    user: get('RouteUserName'),
    smartHost: server.draft.value(['servers', server.name, 'domains', 'remote', name, 'smartHost']),
    passwordFile: `${server.name}-${name.replace(/[^\w.-]/g, '_')}.password`,
    set: (setting, value, comment) => set(setting, value, comment, old),
  });
  for (const bit of bits) {
    const what = WITHOUT_COUNTERPART[bit];
    if (what !== undefined)
      server.noteAt('todo', 'route-bit', at, `${what} (for ${name}) has no counterpart`);
  }
  const turn = get('AuthTurnList');
  if (turn !== undefined && turn.text !== '') {
    server.noteAt(
      'todo',
      'turn',
      at,
      `${shorten(turn.text)} fetched the mail of ${name} with TURN or ATRN; Mailroot offers ETRN: let the other side use that`,
    );
  }
  const etrn = get('CSideEtrnDomains');
  if (etrn !== undefined && etrn.text !== '') {
    server.noteAt(
      'todo',
      'etrn-client',
      at,
      `the old server asked for the mail of ${shorten(etrn.text)} with ETRN; Mailroot does not ask`,
    );
  }
  for (const property of ['RelayIpList', 'RelayForAuth']) {
    const found = get(property);
    if (found !== undefined)
      server.noteAt(
        'todo',
        'domain-relay',
        at,
        `${property} of the domain ${name} has no counterpart; the server's own rules hold`,
      );
  }
}

/** Log-on at the next hop, for the server and for a domain: user and the place of the password, which cannot be read. */
export function importCredentials(
  server: ServerImport,
  bits: readonly RouteActionBit[],
  options: {
    readonly at: string;
    readonly user: Effective | undefined;
    readonly smartHost: unknown;
    readonly passwordFile: string;
    readonly set: (setting: string, value: unknown, comment: string) => void;
  },
): void {
  const wanted = bits.some(
    (bit) => bit === 'clearText' || bit === 'ntlm' || bit === 'sasl' || bit === 'kerberos',
  );
  const { user, at } = options;
  if (!wanted) {
    if (user !== undefined && user.text !== '') {
      server.noteAt(
        'dropped',
        'user-unused',
        at,
        `the user ${shorten(user.text)} is named, but RouteAction says to send without log-on`,
      );
    }
    return;
  }
  if (user === undefined || user.text === '') {
    server.noteAt(
      'todo',
      'no-user',
      at,
      'RouteAction says to log on at the next host, but no user is named (integrated log-on used the account of the service): set user and passwordFile',
    );
    return;
  }
  if (options.smartHost === undefined) {
    server.noteAt(
      'todo',
      'user-without-host',
      at,
      `the user ${shorten(user.text)} logged on at whatever host took the mail; Mailroot gives passwords to a named smart host alone: set smartHost, user and passwordFile`,
    );
    return;
  }
  options.set('user', user.text, `RouteUserName, ${user.place}`);
  options.set(
    'passwordFile',
    options.passwordFile,
    'RoutePassword cannot be read: write the password into this file',
  );
  server.noteAt(
    'todo',
    'password-file',
    at,
    `write the password of ${shorten(user.text)} into ${options.passwordFile}, readable by the service alone`,
  );
  if (!bits.includes('tls')) {
    server.noteAt(
      'warning',
      'password-in-clear',
      at,
      'the password went over the network without TLS; Mailroot demands TLS when a user is set, unless you write tls: none and plainTextPassword: true',
    );
  }
}

/** `[192.0.2.25]` for an address without brackets, names as they are, an old `http://` or blank taken off by the loader's complaint. */
export function hostText(text: string): string {
  const trimmed = text.trim().replace(/\.$/, '');
  return /^\d+\.\d+\.\d+\.\d+$/.test(trimmed) ? `[${trimmed}]` : trimmed;
}

function ownValue(server: ServerImport, node: MetabaseNode, property: string): Effective | undefined {
  const found = server.metabase.effective(node.path, property);
  return found?.from === 'own' ? found : undefined;
}

function place(node: MetabaseNode): string {
  return `${node.path}, line ${node.line}`;
}
