/**
 * What the analysis knows of a value: text, numbers, and the mail objects of a page with their fields.
 * Owns: the shapes, and which ProgIDs are mail objects.  Leaves: how they come about (analysis.ts).
 */

/** A field of a collection: what it was set to, where, and whether Update came after. */
export type FieldState = { readonly value: Value; readonly at: number; isCommitted: boolean };

export type FieldsValue = {
  readonly kind: 'fields';
  readonly of: 'configuration' | 'message';
  /** By name as written. */
  readonly fields: Map<string, FieldState>;
  /** It was handed to code that is not known: what became of it is not known either. */
  isEscaped: boolean;
};

export type ConfigurationValue = { readonly kind: 'configuration'; readonly fields: FieldsValue };

export type MessageValue = {
  readonly kind: 'message';
  configuration: ConfigurationValue;
  readonly fields: FieldsValue;
  readonly at: number;
};

export type Value =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'unknown' }
  /** Code that the value depends on more than one piece of: its fixed beginning. */
  | { readonly kind: 'partial'; readonly start: string; readonly at: number }
  | FieldsValue
  | ConfigurationValue
  | MessageValue
  | { readonly kind: 'field'; readonly fields: FieldsValue; readonly name: Value; readonly at: number }
  | { readonly kind: 'cdonts'; readonly progId: string; readonly at: number }
  | {
      readonly kind: 'component';
      readonly progId: string;
      readonly properties: Map<string, Value>;
      readonly at: number;
    };

export const UNKNOWN: Value = { kind: 'unknown' };

export function newFields(of: FieldsValue['of']): FieldsValue {
  return { kind: 'fields', of, fields: new Map(), isEscaped: false };
}

export function newConfiguration(): ConfigurationValue {
  return { kind: 'configuration', fields: newFields('configuration') };
}

/** Mail components of other makers: ProgID → names of the properties for server, port, user and password. */
const COMPONENTS: Readonly<
  Record<
    string,
    {
      readonly server: string;
      readonly port?: string;
      readonly password?: string;
      readonly send: readonly string[];
    }
  >
> = {
  'jmail.smtpmail': { server: 'serveraddress', send: ['execute'] },
  'jmail.message': { server: 'mailserver', password: 'mailserverpassword', send: ['send', 'enqueue'] },
  'persits.mailsender': { server: 'host', port: 'port', password: 'password', send: ['send', 'sendtoqueue'] },
  'smtpsvg.mailer': { server: 'remotehost', send: ['sendmail'] },
  'softartisans.smtpmail': { server: 'remotehost', password: 'password', send: ['sendmail'] },
  'easymail.smtp.5': { server: 'mailserver', send: ['send'] },
  'geocel.mailer': { server: 'addserver', send: ['send'] },
  'aspmail.aspmailctrl.1': { server: 'mailserver', send: ['sendmail'] },
};

export function componentOf(progId: string): (typeof COMPONENTS)[string] | undefined {
  return COMPONENTS[progId.toLowerCase()];
}

/** The mail object that a ProgID makes; undefined for everything else. */
export function createObject(progId: string, at: number): Value | undefined {
  const name = progId.toLowerCase().trim();
  if (/^cdo\.message(\.1)?$/.test(name)) {
    return { kind: 'message', configuration: newConfiguration(), fields: newFields('message'), at };
  }
  if (/^cdo\.configuration(\.1)?$/.test(name)) return newConfiguration();
  if (/^cdonts\.(newmail|session)(\.1)?$/.test(name)) return { kind: 'cdonts', progId, at };
  if (componentOf(name) !== undefined) return { kind: 'component', progId, properties: new Map(), at };
  return undefined;
}
