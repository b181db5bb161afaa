/**
 * Exchange 5.5 Internet Mail Service, from registry exports → settings of Mailroot.
 * Owns: what each value becomes, what lies in the directory of Exchange and must be typed, the two causes that the old
 * articles name for mail that stays: CDONTS writing to the other Pickup, and a log-on list without the service's own name.
 * Leaves: the .reg form (registry-file.ts), the mail (adoption.ts).
 * Sources: KB 306957, KB 306308, KB 193922, KB 196818, KB 231303, KB 201314.
 */
import { type ParseResult, parsed, unparsed } from '../base/index.ts';
import type { SettingsImport } from './iis.ts';
import { type RegistryFile, type RegistryValue, readRegistryFile } from './registry-file.ts';
import { SettingsDraft } from './settings-draft.ts';

export const IMS_KEYS = {
  parameters: 'Services\\MSExchangeIMC\\Parameters',
  store: 'Services\\MSExchangeIS\\ParametersSystem',
  activeMessaging: 'Exchange\\Active Messaging',
} as const;

export type ExchangeImportOptions = {
  readonly source: string;
  readonly target: string;
  readonly mailroot?: string;
  readonly platform: 'windows' | 'posix';
};

const SERVER = ['servers', 'exchange'] as const;

/** Values of the service's key that need nothing: Mailroot does it anyway, or it tuned the old program. */
const DROPPED: Readonly<Record<string, string>> = {
  commonname: 'the name of the service in the directory',
  homedsa: 'the directory server of the old service',
  sitedn: 'the site of the old service',
  disableresolversearchlist: 'Mailroot looks names up as they are written',
  disablereverseresolve: 'Mailroot does not look clients up unless access.reverseDnsCheck says so',
  disableloopbackconnection: 'Mailroot notices mail that comes back to itself',
  disableloopbackconnections: 'Mailroot notices mail that comes back to itself',
  diskspacelowwatermark: 'Mailroot answers 452 when the disk is full',
  resolvep2: 'addresses of the directory are not rewritten',
  addressrewrite: 'addresses of the directory are not rewritten',
  rerouteviastore: 'there is no store',
  acceptmalformed821adrs: 'addresses are read leniently where that is safe',
  alwaysallowforwarding: 'there are no mailboxes',
  alwayssuppressdr: 'there are no mailboxes',
  sendplaintextasis: 'messages are sent as they are',
  advertisesmtpextensions: 'extensions are always offered',
  inoutthreads: 'tuning of the old program',
  smtpworkerthreads: 'tuning of the old program',
  resolverthreads: 'tuning of the old program',
  threadsperprocessor: 'tuning of the old program',
  destinationdomainthreshold: 'tuning of the old program',
  enablettl: 'DNS lifetimes are always honoured',
  onlysystemmessagesusecds: 'there are no connected sites',
  displayerrsonconsole: 'tuning of the old program',
  consolestatfrequency: 'tuning of the old program',
};

export function importExchangeIms(
  bytes: Buffer,
  options: ExchangeImportOptions,
): ParseResult<SettingsImport> {
  const read = readRegistryFile(bytes);
  if (!read.ok) return read;
  const registry = read.value;
  const isThere = Object.values(IMS_KEYS).some((key) => registry.has(key));
  if (!isThere) {
    return unparsed(
      `the file holds none of the keys …\\${Object.values(IMS_KEYS).join(', …\\')}; export them on the Exchange server`,
      0,
    );
  }
  const draft = new SettingsDraft([
    `Settings taken over from ${options.source} by 'mailroot import exchange-ims'.`,
    'Each line says which value it comes from. Read the report beside this file before you start the service.',
  ]);
  new ImsImport(registry, draft, options).run();
  return parsed({ ...draft.finish(options.target), notes: draft.notes, rows: draft.rows });
}

class ImsImport {
  readonly #registry: RegistryFile;
  readonly #draft: SettingsDraft;
  readonly #options: ExchangeImportOptions;

  constructor(registry: RegistryFile, draft: SettingsDraft, options: ExchangeImportOptions) {
    this.#registry = registry;
    this.#draft = draft;
    this.#options = options;
  }

  run(): void {
    this.#draft.title(['servers'], 'virtual servers');
    this.#draft.title(SERVER, 'Internet Mail Service of Exchange');
    for (const section of ['folders', 'domains', 'access', 'limits', 'delivery']) {
      this.#draft.title([...SERVER, section], 'MSExchangeIMC\\Parameters');
    }
    if (!this.#registry.has(IMS_KEYS.parameters)) {
      this.#note(
        'warning',
        'no-parameters',
        '',
        `the key …\\${IMS_KEYS.parameters} is not in the file: folder and limits are unknown`,
      );
    }
    this.#draft.set(
      [...SERVER, 'listen'],
      ['0.0.0.0:25', '[::]:25'],
      'the Internet Mail Service listened on port 25 of every address',
    );
    this.#root();
    this.#useExchange();
    this.#logonOnlyAs();
    this.#domain();
    this.#relay();
    this.#limits();
    this.#rest();
    this.#note(
      'todo',
      'directory',
      '',
      'smart host, connection limits, delivery times and domains of the Internet Mail Service lie in the directory of Exchange, not in the registry: look them up on its property pages and set delivery.smartHost, domains.local and the retry times',
    );
  }

  #root(): void {
    const root = this.#get('RootDir');
    const written = root?.kind === 'text' ? root.text.replace(/[\\/]+$/, '') : undefined;
    // KB 319890 told people to append \pickup; both forms are in use.
    const folder = written?.replace(/[\\/]pickup$/i, '');
    const mailroot =
      this.#options.mailroot ??
      (this.#options.platform === 'windows' && folder !== undefined ? folder : 'mailroot');
    const comment =
      root === undefined ? 'RootDir is not in the file' : `RootDir, line ${root.line}: was ${written}`;
    this.#draft.set([...SERVER, 'mailroot'], mailroot, comment);
    this.#draft.set(
      [...SERVER, 'layout'],
      'exchange-ims',
      'the tree of folders below RootDir, as the old service had it',
    );
    this.#draft.row(
      place('RootDir', root),
      `RootDir = ${written ?? '(absent)'}`,
      `mailroot: ${mailroot}, layout: exchange-ims`,
    );
    if (folder !== written) {
      this.#note(
        'todo',
        'rootdir-pickup',
        place('RootDir', root),
        `RootDir is '${written}': somebody appended the Pickup folder to it, as one article advised; the folder of the service is ${folder}`,
      );
    }
    if (folder !== undefined && mailroot !== folder) {
      this.#note(
        'todo',
        'mailroot-moved',
        place('RootDir', root),
        `programs that write to ${folder}\\Pickup must write to ${mailroot}/Pickup now; take over the mail with 'mailroot import mail IMCDATA --layout imcdata'`,
      );
    }
  }

  /** KB 306957: mail stays in a Pickup folder that nobody serves when this value and the programs disagree. */
  #useExchange(): void {
    const value = this.#registry.value(IMS_KEYS.activeMessaging, 'Use Exchange');
    const uses = value?.kind === 'number' ? value.number !== 0 : undefined;
    const at = place('Active Messaging\\Use Exchange', value);
    if (uses === true) this.#draft.set(['useExchange'], true, `Use Exchange, line ${value!.line}: was 1`);
    this.#draft.row(
      at,
      `Use Exchange = ${uses === undefined ? '(absent)' : uses ? 1 : 0}`,
      uses === true ? 'useExchange: true' : '– (there is no other Pickup folder here)',
    );
    if (uses !== true) {
      this.#note(
        'warning',
        'use-exchange-off',
        at,
        `Use Exchange is ${uses === false ? '0' : 'not set'}: CDONTS programs of that machine wrote to the Pickup folder of the Windows SMTP service (Inetpub\\Mailroot\\Pickup), not to imcdata\\Pickup. If that service did not run, their mail lies there: take it over with 'mailroot import mail'. Here they write to the one Pickup folder there is`,
      );
    }
  }

  /** KB 306308: with a list that lacks the service's own name, the service did not start. */
  #logonOnlyAs(): void {
    const value = this.#registry.value(IMS_KEYS.store, 'Logon Only As');
    if (value === undefined) return;
    const names =
      value.kind === 'list' ? value.items : value.kind === 'text' && value.text !== '' ? [value.text] : [];
    const at = place('MSExchangeIS\\ParametersSystem\\Logon Only As', value);
    const own = names.flatMap(
      (name) => /(?:^|\/cn=)(Internet Mail (?:Connector|Service) \([^)]*\))\s*$/i.exec(name)?.[1] ?? [],
    );
    const common = this.#get('CommonName');
    const logonName =
      own[0] ?? (common?.kind === 'text' && common.text !== '' ? common.text : 'Internet Mail Connector');
    const taken = own.length > 0 ? names : [...names, logonName];
    const added = own.length > 0 ? '' : `; '${logonName}' was added, without it the service would not start`;
    this.#draft.set(['logonOnlyAs'], taken, `Logon Only As, line ${value.line}${added}`);
    this.#draft.set(['logonName'], logonName, 'the name of the service in that list');
    this.#draft.row(at, `Logon Only As = ${names.length} names`, `logonOnlyAs: ${taken.length} names`);
    if (own.length === 0) {
      this.#note(
        'warning',
        'logon-only-as',
        at,
        `the list of who may log on to the store lacks the Internet Mail Service itself. With it the old service did not start (events 1023, 4018 and 4116), so mail has waited in imcdata since the list was made: take it over with --imcdata. On the old server the cure is to add /o=ORGANISATION/ou=SITE/cn=Configuration/cn=Connections/cn=Internet Mail Connector (SERVER) to the list; here '${logonName}' was added to logonOnlyAs`,
      );
    }
  }

  #domain(): void {
    const domain = this.#get('SiteDomain');
    if (domain?.kind === 'text' && domain.text !== '')
      this.#set(['domains', 'default'], domain.text, 'SiteDomain', domain, domain.text);
  }

  #relay(): void {
    const flags = this.#number('RelayFlags');
    const allow = this.#get('RelayAllowList');
    const deny = this.#get('RelayDenyList');
    const usesAllow = flags !== undefined && (flags & 2) !== 0;
    const networks = allow?.kind === 'list' ? this.#networks(allow, 'RelayAllowList') : [];
    if (usesAllow && allow !== undefined) {
      const safe = networks.filter((network) => !network.endsWith('/0'));
      if (safe.length < networks.length) this.#openRelay(place('RelayAllowList', allow));
      this.#set(['access', 'relayNetworks'], safe, 'RelayAllowList', allow, `${networks.length} networks`);
    } else {
      this.#draft.set(
        [...SERVER, 'access', 'relayNetworks'],
        [],
        'no list of who may relay is in force: closed',
      );
      if (flags !== undefined && (flags & 1) !== 0) this.#openRelay(place('RelayDenyList', deny));
      else
        this.#note(
          'todo',
          'relay',
          '',
          'whether the service relayed lies in the directory of Exchange; nobody may relay because of an address now. Add your own networks to access.relayNetworks',
        );
    }
    if (deny?.kind === 'list' && deny.items.length > 0) {
      this.#note(
        'todo',
        'relay-denied',
        place('RelayDenyList', deny),
        `relay was denied to ${deny.items.join(', ')}; access.relayNetworks has no exceptions: check that none of them is granted`,
      );
    }
    const local = this.#get('RelayLocalIPList');
    if (local?.kind === 'list' && local.items.length > 0) {
      this.#note(
        'todo',
        'relay-local',
        place('RelayLocalIPList', local),
        `clients that reached the server by ${local.items.join(', ')} might relay; listen on these addresses in a server of its own if you need that`,
      );
    }
  }

  #openRelay(at: string): void {
    this.#note(
      'warning',
      'open-relay',
      at,
      'everybody who was not denied might send to anybody through this server. It was not taken over: add the networks of your own machines to access.relayNetworks',
    );
  }

  /** Lines `net` or `net;mask`; KB 193922: a line matches when (address AND mask) = net. */
  #networks(value: RegistryValue & { kind: 'list' }, name: string): string[] {
    const networks: string[] = [];
    for (const line of value.items) {
      const [address = '', mask = '255.255.255.255'] = line.split(';').map((part) => part.trim());
      const bits = mask
        .split('.')
        .map((octet) => Number(octet).toString(2).padStart(8, '0'))
        .join('');
      const prefix = /^(1*)0*$/.exec(bits)?.[1]?.length;
      const isAddress =
        /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split('.').every((octet) => Number(octet) <= 255);
      if (!isAddress || bits.length !== 32 || prefix === undefined) {
        this.#note(
          'todo',
          'relay-line',
          place(name, value),
          `the line '${line}' is no network; it was left out`,
        );
      } else {
        const octets = mask.split('.').map(Number);
        const network = address.split('.').map((octet, index) => Number(octet) & octets[index]!);
        networks.push(`${network.join('.')}/${prefix}`);
      }
    }
    return networks;
  }

  #limits(): void {
    const inbound = this.#number('InboundSizeLimit');
    const outbound = this.#number('OutboundSizeLimit');
    const [name, bytes] =
      inbound !== undefined && inbound > 0
        ? (['InboundSizeLimit', inbound] as const)
        : (['OutboundSizeLimit', outbound] as const);
    if (bytes !== undefined && bytes > 0) {
      this.#set(
        ['limits', 'messageSize'],
        bytes < 1024 ? '1 KB' : `${bytes} bytes`,
        name,
        this.#get(name),
        String(bytes),
      );
      if (
        inbound !== undefined &&
        outbound !== undefined &&
        inbound > 0 &&
        outbound > 0 &&
        inbound !== outbound
      ) {
        this.#note(
          'todo',
          'two-sizes',
          place('OutboundSizeLimit', this.#get('OutboundSizeLimit')),
          `outgoing mail was limited to ${outbound} bytes and incoming to ${inbound}; one limit holds for both here`,
        );
      }
    }
    const recipients = this.#number('MaxRecipients');
    if (recipients !== undefined && recipients > 0) {
      this.#set(
        ['delivery', 'recipientsPerTransaction'],
        Math.min(recipients, 10_000),
        'MaxRecipients',
        this.#get('MaxRecipients'),
        String(recipients),
      );
    }
  }

  #rest(): void {
    const done = new Set([
      'rootdir',
      'sitedomain',
      'relayflags',
      'relayallowlist',
      'relaydenylist',
      'relaylocaliplist',
      'inboundsizelimit',
      'outboundsizelimit',
      'maxrecipients',
    ]);
    const todo: Readonly<Record<string, string>> = {
      turftable:
        'senders in this list were turned away; Mailroot has no list of senders: turn them away at the server in front',
      turfdir: 'copies of mail that was turned away lay there; there is no such folder here',
      disableetrn:
        'ETRN was switched off; here it is offered and does something only for domains with holdForEtrn',
      alwaysuseetrn: 'the service fetched its mail with ETRN; Mailroot does not ask',
      alwaysuseturn: 'the service fetched its mail with TURN; Mailroot does not ask',
      disableauth: 'log-on was switched off; here it is offered only when access.usersFile is set',
      overrideproxyout: 'addresses of another type than SMTP were sent; they cannot be here',
      nonroutingextensiondll: 'an extension library changed messages on their way; find out what it did',
    };
    for (const [name, value] of this.#registry.values(IMS_KEYS.parameters)) {
      if (done.has(name)) continue;
      const at = place(name, value);
      const words = todo[name];
      if (words !== undefined && !(value.kind === 'number' && value.number === 0))
        this.#note('todo', name, at, words);
      this.#draft.row(
        at,
        `${name} = ${shown(value)}`,
        `– (${words === undefined ? (DROPPED[name] ?? 'unknown value') : 'see the notes'})`,
      );
    }
    for (const extension of ['InboundAppend', 'InboundPrepend', 'OutboundAppend', 'OutboundPrepend']) {
      const value = this.#registry.value(`${IMS_KEYS.parameters}\\Extension`, extension);
      if (value !== undefined)
        this.#note(
          'todo',
          'extension',
          place(`Extension\\${extension}`, value),
          `${extension}: a text was put into every message; Mailroot does not`,
        );
    }
  }

  #get(name: string): RegistryValue | undefined {
    return this.#registry.value(IMS_KEYS.parameters, name);
  }

  #number(name: string): number | undefined {
    const value = this.#get(name);
    return value?.kind === 'number' ? value.number : undefined;
  }

  #set(
    path: readonly string[],
    value: unknown,
    name: string,
    found: RegistryValue | undefined,
    old: string,
  ): void {
    this.#draft.set([...SERVER, ...path], value, place(name, found));
    this.#draft.row(
      place(name, found),
      `${name} = ${old}`,
      `${path.join('.')}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`,
    );
  }

  #note(kind: 'warning' | 'todo' | 'dropped', id: string, at: string, text: string): void {
    this.#draft.note(kind, id, at, text);
  }
}

function place(name: string, value: RegistryValue | undefined): string {
  return value === undefined ? `${name}, not in the file` : `${name}, line ${value.line}`;
}

function shown(value: RegistryValue): string {
  if (value.kind === 'text') return value.text.length > 60 ? `${value.text.slice(0, 57)}...` : value.text;
  if (value.kind === 'list') return `${value.items.length} lines`;
  return value.kind === 'number' ? String(value.number) : `${value.bytes.length} bytes`;
}
