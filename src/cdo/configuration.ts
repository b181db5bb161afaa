/**
 * Configuration: how and where messages go.
 * Owns: the open bag of fields, its defaults, warnings about names that do not count, typed reading.
 * Leaves: acting on the values (send.ts).
 * Sources: reference A1.4, A2.0–A2.2; KB 265527 (names compare exactly), KB 816789 (defaults of the local service).
 */
import { type FieldValue, toBoolean, toLong, toText } from './coerce.ts';
import { type ConfigurationFieldName, configurationField } from './configuration-fields.ts';
import { NAMESPACE } from './constants.ts';
import { type FieldSource, Fields } from './fields.ts';
import type { CdoHost } from './host.ts';

export type ConfigurationWarning = {
  readonly kind: 'https-name' | 'name-case';
  /** As the program wrote it. */
  readonly name: string;
  readonly message: string;
};

/** The settings as TypeScript programs write them; each stands for the field of the same name. */
export type ConfigurationSettings = {
  readonly sendUsing?: 'pickup' | 'port';
  readonly smtpServer?: string;
  readonly smtpServerPort?: number;
  readonly smtpServerPickupDirectory?: string;
  readonly smtpAuthenticate?: 'none' | 'basic' | 'ntlm';
  readonly sendUserName?: string;
  readonly sendPassword?: string;
  readonly smtpUseSsl?: boolean;
  /** How TLS begins, against the rule of ports: STARTTLS on 25 and 587, implicit elsewhere. */
  readonly tlsMode?: 'starttls' | 'implicit';
  readonly smtpConnectionTimeoutSeconds?: number;
  readonly flushBuffersOnWrite?: boolean;
  readonly autoPromoteBodyParts?: boolean;
  readonly useMessageResponseText?: boolean;
  readonly languageCode?: string;
  readonly urlProxyServer?: string;
  readonly urlProxyBypass?: string;
  readonly urlGetLatestVersion?: boolean;
  readonly httpCookies?: string;
};

/** Our own field, outside the original's namespace: `starttls` or `implicit`. */
export const TLS_MODE_FIELD = 'urn:schemas:mailroot:tlsmode';

const SETTING_FIELDS: Readonly<Record<keyof ConfigurationSettings, string>> = {
  sendUsing: 'sendusing',
  smtpServer: 'smtpserver',
  smtpServerPort: 'smtpserverport',
  smtpServerPickupDirectory: 'smtpserverpickupdirectory',
  smtpAuthenticate: 'smtpauthenticate',
  sendUserName: 'sendusername',
  sendPassword: 'sendpassword',
  smtpUseSsl: 'smtpusessl',
  tlsMode: TLS_MODE_FIELD,
  smtpConnectionTimeoutSeconds: 'smtpconnectiontimeout',
  flushBuffersOnWrite: 'flushbuffersonwrite',
  autoPromoteBodyParts: 'autopromotebodyparts',
  useMessageResponseText: 'usemessageresponsetext',
  languageCode: 'languagecode',
  urlProxyServer: 'urlproxyserver',
  urlProxyBypass: 'urlproxybypass',
  urlGetLatestVersion: 'urlgetlatestversion',
  httpCookies: 'httpcookies',
};

const SETTING_WORDS: Readonly<Record<string, number>> = { pickup: 1, port: 2, none: 0, basic: 1, ntlm: 2 };

/** CdoConfigSource. */
export type ConfigurationSource = 'defaults' | 'iis' | 'outlook-express';

export class Configuration {
  readonly host: CdoHost;
  readonly fields: Fields;
  readonly #values = new Map<string, FieldValue>();
  readonly #warnings: ConfigurationWarning[] = [];

  /** A new configuration holds the local service's defaults, as the host knows them. */
  constructor(host: CdoHost, settings: ConfigurationSettings = {}) {
    this.host = host;
    this.fields = new Fields(this.#source());
    this.load('defaults');
    this.assign(settings);
  }

  /** Replaces all values with those of a source. Outlook Express does not exist here: its source is empty. */
  load(source: ConfigurationSource): void {
    this.#values.clear();
    this.fields.resync();
    if (source === 'outlook-express') return;
    for (const [name, value] of Object.entries(this.host.defaults().fields)) {
      this.#values.set(NAMESPACE.configuration + name, value);
    }
  }

  /** Sets fields by their TypeScript names; they count at once. */
  assign(settings: ConfigurationSettings): this {
    for (const [property, value] of Object.entries(settings) as [keyof ConfigurationSettings, FieldValue][]) {
      if (value === undefined) continue;
      const field = SETTING_FIELDS[property];
      const name = field.includes(':') ? field : NAMESPACE.configuration + field;
      const isWord = property === 'sendUsing' || property === 'smtpAuthenticate';
      this.fields.set(name, isWord ? SETTING_WORDS[value as string] : value);
    }
    this.fields.update();
    return this;
  }

  /** What was noticed about field names, oldest first; each name once. */
  get warnings(): readonly ConfigurationWarning[] {
    return this.#warnings;
  }

  /** Makes pending values count where the host is tolerant; called before values are used. */
  settle(): void {
    if (this.host.updates === 'tolerant') this.fields.update();
  }

  text(name: ConfigurationFieldName): string {
    return toText(this.#known(name));
  }

  long(name: ConfigurationFieldName): number {
    return toLong(this.#known(name));
  }

  boolean(name: ConfigurationFieldName): boolean {
    return toBoolean(this.#known(name));
  }

  has(name: ConfigurationFieldName): boolean {
    return this.#values.has(NAMESPACE.configuration + name);
  }

  /** A value by full name, also of write-only fields. For sending, not for programs. */
  raw(fullName: string): FieldValue {
    return this.#values.get(fullName);
  }

  #known(name: ConfigurationFieldName): FieldValue {
    const value = this.#values.get(NAMESPACE.configuration + name);
    return value ?? configurationField(NAMESPACE.configuration + name)?.fallback;
  }

  #source(): FieldSource {
    return {
      names: () => [...this.#values.keys()],
      read: (name) => (configurationField(name)?.writeOnly === true ? undefined : this.#values.get(name)),
      check: (name, value) => checkType(name, value),
      write: (name, value) => {
        if (value === undefined || value === null) this.#values.delete(name);
        else this.#values.set(name, value);
      },
      remove: (name) => {
        this.#values.delete(name);
      },
      resolve: (name) => this.#resolve(name),
    };
  }

  /**
   * A copied text that says `https://` means the `http://` name; the original took it for another field and sent the
   * message by its defaults. Wrong letter case stays another field (KB 265527), and is reported.
   */
  #resolve(name: string): string {
    if (name.startsWith('http://') && configurationField(name) !== undefined) return name;
    const plain = name.startsWith('https://') ? `http://${name.slice(8)}` : name;
    if (plain !== name && configurationField(plain) !== undefined && this.host.httpsNames === 'accept') {
      this.#warn(
        'https-name',
        name,
        `'${name}' was read as '${plain}'. Write http://; the https:// spelling was never a field.`,
      );
      return plain;
    }
    if (configurationField(plain.toLowerCase()) !== undefined && plain !== plain.toLowerCase()) {
      this.#warn(
        'name-case',
        name,
        `'${name}' is not a field, because names are all lower case: write '${plain.toLowerCase()}'.`,
      );
    }
    return name;
  }

  #warn(kind: ConfigurationWarning['kind'], name: string, message: string): void {
    if (this.#warnings.some((warning) => warning.name === name)) return;
    this.#warnings.push({ kind, name, message });
    this.host.log.event('warn', `cdo.configuration-${kind}`, { field: name, message });
  }
}

function checkType(name: string, value: FieldValue): void {
  if (value === undefined || value === null) return;
  const row = configurationField(name);
  if (row?.type === 'long') toLong(value);
  else if (row?.type === 'boolean') toBoolean(value);
}
