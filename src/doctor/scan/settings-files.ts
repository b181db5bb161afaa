/**
 * Mail settings in files: system.net/mailSettings of .NET, appSettings that look like mail, php.ini.
 * Owns: reading both forms, the places and faults in them.  Leaves: whether somebody listens (scan.ts asks).
 * Fails: a file that cannot be read is a fault of kind syntax with the reader's own words.
 * Sources: doc ".NET: smtp element (network settings)"; doc "PHP manual: mail, runtime configuration".
 */
import { readXml, type XmlElement } from '../../import/index.ts';
import type { SendFound } from './analysis.ts';
import type { FaultKind } from './faults.ts';

/** A place or a fault by its line. */
export type LinePlace = Omit<SendFound, 'at'> & { readonly line: number };
export type LineFault = { readonly kind: FaultKind; readonly line: number; readonly found: string };
export type SettingsFound = { readonly places: readonly LinePlace[]; readonly faults: readonly LineFault[] };

const MACHINE_PATH = /^(?:[a-z]:[\\/]|\\\\[^\\]+\\)/i;

/** web.config, app.config and their like. Files without mail settings give nothing. */
export function readDotnetConfig(bytes: Buffer): SettingsFound {
  const places: LinePlace[] = [];
  const faults: LineFault[] = [];
  const xml = readXml(bytes);
  if (!xml.ok) {
    const isMail = /mailSettings/i.test(bytes.toString('latin1'));
    return {
      places,
      faults: isMail ? [{ kind: 'syntax', line: lineIn(xml.reason), found: xml.reason }] : [],
    };
  }
  const visit = (element: XmlElement, parents: readonly string[]): void => {
    const name = element.name.toLowerCase();
    if (name === 'smtp' && parents.at(-1) === 'mailsettings') readSmtp(element, places, faults);
    if (name === 'add' && parents.at(-1) === 'appsettings') readAppSetting(element, faults);
    for (const child of element.children) visit(child, [...parents, name]);
  };
  for (const element of xml.value) visit(element, []);
  return { places, faults };
}

function readSmtp(smtp: XmlElement, places: LinePlace[], faults: LineFault[]): void {
  const child = (name: string): XmlElement | undefined =>
    smtp.children.find((element) => element.name.toLowerCase() === name);
  const network = child('network');
  const pickup = child('specifiedpickupdirectory');
  const method = (attribute(smtp, 'deliverymethod') ?? 'Network').toLowerCase();
  const at = (element: XmlElement | undefined, name: string): number =>
    element?.attributeLines.get(name) ?? (element ?? smtp).line;
  if (attribute(network, 'password')) {
    faults.push({
      kind: 'hard-coded-password',
      line: at(network, 'password'),
      found: 'password of <network>',
    });
  }
  if (method === 'network') {
    const server = attribute(network, 'host');
    const port = attribute(network, 'port');
    const user = attribute(network, 'username');
    places.push({
      line: smtp.line,
      object: 'System.Net.Mail',
      route: 'port',
      ...(server !== undefined && { server }),
      port: port !== undefined && /^\d+$/.test(port) ? Number(port) : 25,
      authentication:
        user !== undefined && user !== ''
          ? 'basic'
          : attribute(network, 'defaultcredentials')?.toLowerCase() === 'true'
            ? 'ntlm'
            : 'none',
      usesTls: attribute(network, 'enablessl')?.toLowerCase() === 'true',
    });
  } else {
    const folder = attribute(pickup, 'pickupdirectorylocation');
    places.push({
      line: smtp.line,
      object: 'System.Net.Mail',
      route: 'pickup',
      ...(method === 'specifiedpickupdirectory' && folder !== undefined && { pickupFolder: folder }),
    });
    if (method === 'pickupdirectoryfromiis') {
      // The metabase that it asks is gone with the old service.
      faults.push({
        kind: 'object-missing',
        line: at(smtp, 'deliveryMethod'),
        found: 'deliveryMethod="PickupDirectoryFromIis"',
      });
    } else if (folder !== undefined && !MACHINE_PATH.test(folder) && !folder.startsWith('/')) {
      faults.push({
        kind: 'hard-coded-path',
        line: at(pickup, 'pickupDirectoryLocation'),
        found: `pickupDirectoryLocation="${folder}" is not absolute`,
      });
    }
  }
}

function readAppSetting(element: XmlElement, faults: LineFault[]): void {
  const name = attribute(element, 'key') ?? '';
  const value = attribute(element, 'value') ?? '';
  const isMail = /(smtp|mail)/i.test(name) && /(password|passwd|pwd)/i.test(name);
  if (isMail && value.trim() !== '')
    faults.push({ kind: 'hard-coded-password', line: element.line, found: `appSettings ${name}` });
}

function attribute(element: XmlElement | undefined, name: string): string | undefined {
  for (const [key, value] of element?.attributes ?? []) if (key.toLowerCase() === name) return value;
  return undefined;
}

function lineIn(reason: string): number {
  return Number(/^line (\d+)/.exec(reason)?.[1] ?? 1);
}

/** php.ini: what mail() does. */
export function readPhpIni(text: string): SettingsFound {
  const places: LinePlace[] = [];
  const faults: LineFault[] = [];
  const values = new Map<string, { value: string; line: number }>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const match = /^([\w.]+)\s*=\s*(.*)$/.exec(line);
    if (line.startsWith(';') || line.startsWith('#') || match === null) continue;
    const value = /^"([^"]*)"/.exec(match[2]!)?.[1] ?? match[2]!.replace(/\s+;.*$/, '').trim();
    values.set(match[1]!.toLowerCase(), { value, line: index + 1 });
  }
  const smtp = values.get('smtp');
  const port = values.get('smtp_port');
  const program = values.get('sendmail_path');
  if (program !== undefined && program.value !== '') {
    places.push({ line: program.line, object: 'PHP mail()', route: 'pickup', pickupFolder: program.value });
    if (
      /^[a-z]:[\\/]/i.test(program.value.replace(/^["']/, '')) &&
      /(mailroot|imcdata)[\\/]pickup/i.test(program.value)
    ) {
      faults.push({ kind: 'hard-coded-path', line: program.line, found: `sendmail_path = ${program.value}` });
    }
    const password = /(?:--?password|-ap|--pass)[= ]+(\S+)/i.exec(program.value);
    if (password !== null)
      faults.push({
        kind: 'hard-coded-password',
        line: program.line,
        found: 'sendmail_path with a password',
      });
  } else if (smtp !== undefined && smtp.value !== '') {
    places.push({
      line: smtp.line,
      object: 'PHP mail()',
      route: 'port',
      server: smtp.value,
      port: port !== undefined && /^\d+$/.test(port.value) ? Number(port.value) : 25,
      authentication: 'none',
      usesTls: false,
    });
  }
  return { places, faults };
}
