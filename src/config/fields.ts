/**
 * The kinds of setting, as zod schemas: duration, size, host and port, network, domain, path.
 * Owns: text → typed value with a sentence for what was expected.  Leaves: which settings exist (schema.ts).
 * Each setting carries `SettingMeta`, from which the reference page, the commented file and the importer are made.
 */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { domainName } from '../envelope/index.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from './quantity.ts';

/** What is known about a setting besides its type. */
export type SettingMeta = {
  /** One or two sentences for the operator. */
  readonly doc: string;
  /** Name of the setting in the old product: metabase property, and where the property sheet shows it. */
  readonly legacy?: string;
  /** The value that `profile: iis` picks, as written in the file, when it differs from the default. */
  readonly iis?: string;
  /** When a reload takes effect. Absent: at once. */
  readonly applies?: 'new sessions' | 'next attempt' | 'restart';
  readonly source?: string;
};

/** What a value is beyond its JavaScript type; decides how it is printed and whether it is a path. */
export type ValueKind = 'duration' | 'size' | 'path' | 'socket-address' | 'host-port';

/** Attaches the meta of a setting. */
export function setting<T extends z.ZodType>(schema: T, meta: SettingMeta): T {
  return schema.meta({ description: meta.doc, mailroot: meta }) as T;
}

/** The meta of a setting, looked for through defaults, optionals and pipes. */
export function settingMeta(schema: z.ZodType): SettingMeta | undefined {
  return schema.meta()?.['mailroot'] as SettingMeta | undefined;
}

/** An object all of whose settings have defaults, so that the whole section may be left out. */
export function section<T extends z.ZodRawShape>(doc: string, shape: T) {
  const object = z.strictObject(shape, { error: 'settings in the form `name: value` are expected' });
  return object.prefault({} as never).meta({ description: doc });
}

/** A version of TLS. */
export const tlsVersion = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'], {
  error: 'one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3 is expected',
});

function fromText<T>(
  kind: ValueKind | undefined,
  expected: string,
  parse: (text: string) => { ok: true; value: T } | { ok: false; reason: string },
): z.ZodType<T, string> {
  const schema = z.string({ error: `${expected} is expected` }).transform((text, context): T => {
    const result = parse(text);
    if (result.ok) return result.value;
    context.addIssue({ code: 'custom', message: result.reason, input: text });
    return z.NEVER;
  });
  return schema.meta({ kind }) as unknown as z.ZodType<T, string>;
}

/** A duration between `min` and `max` (both in the file's notation). The value is milliseconds. */
export function duration(
  range: { readonly min?: string; readonly max?: string } = {},
): z.ZodType<number, string> {
  const min = range.min === undefined ? 0 : mustParse(parseDuration(range.min));
  const max = range.max === undefined ? Number.POSITIVE_INFINITY : mustParse(parseDuration(range.max));
  return fromText('duration', "a duration such as '15m'", (text) => {
    const result = parseDuration(text);
    if (!result.ok) return result;
    if (result.value < min) return { ok: false, reason: `at least ${formatDuration(min)} is needed` };
    if (result.value > max) return { ok: false, reason: `at most ${formatDuration(max)} is possible` };
    return result;
  });
}

/** A size between `min` and `max`. The value is bytes; `unlimited` is accepted when `unlimited` is set and gives Infinity. */
export function size(
  range: { readonly min?: string; readonly max?: string; readonly unlimited?: true } = {},
): z.ZodType<number, string> {
  const min = range.min === undefined ? 0 : mustParse(parseSize(range.min));
  const max = range.max === undefined ? Number.POSITIVE_INFINITY : mustParse(parseSize(range.max));
  return fromText('size', "a size such as '25 MiB'", (text) => {
    if (range.unlimited && text.trim() === 'unlimited') return { ok: true, value: Number.POSITIVE_INFINITY };
    const result = parseSize(text);
    if (!result.ok) return result;
    if (result.value < min) return { ok: false, reason: `at least ${formatSize(min)} is needed` };
    if (result.value > max) return { ok: false, reason: `at most ${formatSize(max)} is possible` };
    return result;
  });
}

/** A whole number from `min` to `max`. */
export function count(min: number, max: number): z.ZodType<number, number> {
  const expected = `a whole number from ${min} to ${max} is expected`;
  return z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });
}

/** A whole number from `min` to `max`, or `unlimited`, which gives Infinity. */
export function countOrUnlimited(min: number, max: number): z.ZodType<number, number | 'unlimited'> {
  const expected = `a whole number from ${min} to ${max}, or 'unlimited', is expected`;
  return z
    .union([z.literal('unlimited'), z.int().min(min).max(max)], { error: expected })
    .transform((value) => (value === 'unlimited' ? Number.POSITIVE_INFINITY : value));
}

export function toggle(): z.ZodType<boolean, boolean> {
  return z.boolean({ error: "'true' or 'false' is expected" });
}

export type SocketAddress = { readonly address: string; readonly port: number };

/** `192.0.2.1:25`, `[::1]:25`. The address is required: a listener says where it listens. */
export function socketAddress(): z.ZodType<SocketAddress, string> {
  return fromText(
    'socket-address',
    "an address and port such as '127.0.0.1:25' or '[::1]:25'",
    parseSocketAddress,
  );
}

export function parseSocketAddress(
  text: string,
): { ok: true; value: SocketAddress } | { ok: false; reason: string } {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d+)$/.exec(text.trim());
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (address === undefined || isIP(address) === 0 || port > 65_535) {
    return { ok: false, reason: "an address and port such as '127.0.0.1:25' or '[::1]:25' is expected" };
  }
  return { ok: true, value: { address, port } };
}

export type HostPort = { readonly host: string; readonly port: number | undefined };

/** A smart host: `mail.example.com`, `mail.example.com:587`, `[192.0.2.25]`, `[192.0.2.25]:2525`, `[IPv6:::1]:25`. */
export function hostPort(): z.ZodType<HostPort, string> {
  return fromText('host-port', "a host such as 'mail.example.com:587' or '[192.0.2.25]'", parseHostPort);
}

export function parseHostPort(text: string): { ok: true; value: HostPort } | { ok: false; reason: string } {
  const trimmed = text.trim();
  if (/^[a-z]+:\/\//i.test(trimmed)) {
    return {
      ok: false,
      reason: `a host name is expected, not a URL: write '${trimmed.replace(/^[a-z]+:\/\//i, '')}'`,
    };
  }
  const bracketed = /^\[(?:ipv6:)?([^\]]+)\](?::(\d+))?$/i.exec(trimmed);
  const named = bracketed ?? /^([^:\s[\]]+)(?::(\d+))?$/.exec(trimmed);
  const host = named?.[1];
  const port = named?.[2] === undefined ? undefined : Number(named[2]);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    return { ok: false, reason: "a host such as 'mail.example.com:587' or '[192.0.2.25]' is expected" };
  }
  if (bracketed !== null && isIP(host) === 0) {
    return { ok: false, reason: `'${host}' is no IP address; only addresses stand in brackets` };
  }
  return { ok: true, value: { host, port } };
}

/** An address or network: `10.0.0.0/8`, `192.0.2.7`, `fd00::/8`. The value is the canonical text with a prefix length. */
export function network(): z.ZodType<string, string> {
  return fromText(undefined, "a network such as '10.0.0.0/8' or an address", (text) => {
    const [address, prefixText, ...rest] = text.trim().split('/');
    const family = isIP(address ?? '');
    const longest = family === 4 ? 32 : 128;
    const prefix = prefixText === undefined ? longest : Number(prefixText);
    if (family === 0 || rest.length > 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) {
      return {
        ok: false,
        reason: "a network such as '10.0.0.0/8' or 'fd00::/8', or one address, is expected",
      };
    }
    // BlockList refuses what it cannot represent; better here than when the first client connects.
    new BlockList().addSubnet(address!, prefix, family === 4 ? 'ipv4' : 'ipv6');
    return { ok: true, value: `${address}/${prefix}` };
  });
}

/** A domain name; with `wildcard`, also `*.example.com`. The value is in lower-case A-labels. */
export function domain(options: { readonly wildcard?: true } = {}): z.ZodType<string, string> {
  return fromText(undefined, 'a domain name', (text) => {
    const isWild = text.startsWith('*.');
    const name = domainName(isWild ? text.slice(2) : text);
    if (name === undefined || name.ascii.includes('*') || (isWild && !options.wildcard)) {
      const wildcards = options.wildcard ? " or '*.example.com'" : '';
      return { ok: false, reason: `a domain name such as 'example.com'${wildcards} is expected` };
    }
    return { ok: true, value: isWild ? `*.${name.ascii}` : name.ascii };
  });
}

/** A mail address, kept as text. */
export function mailAddress(): z.ZodType<string, string> {
  return fromText(undefined, 'a mail address', (text) =>
    /^[^\s@<>]+@[^\s@<>]+$/.test(text)
      ? { ok: true, value: text }
      : { ok: false, reason: "a mail address such as 'postmaster@example.com' is expected" },
  );
}

/** A file or folder; relative paths are taken from the folder of the configuration file (done at load). */
export function path(): z.ZodType<string, string> {
  return fromText('path', 'a path', (text) =>
    text === '' || text.includes('\0')
      ? { ok: false, reason: 'a path is expected' }
      : { ok: true, value: text },
  );
}

function mustParse(result: { ok: true; value: number } | { ok: false; reason: string }): number {
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}
