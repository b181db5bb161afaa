/**
 * The cookie that carries the key of a session.
 * Owns: its name, reading it from a request, writing it.  Leaves: what keys mean (sessions).
 * Sources: RFC 6265 §4.1.2 and §5.3; doc "IIS 6.0: AspKeepSessionIDSecure".
 */
import { createHash } from 'node:crypto';

/** Keys of one request that are looked up; a client that sends more is not helped. */
const MOST_KEYS = 4;

/** `ASPSESSIONIDABCDEFGH`: the letters differ from site to site, since cookies know no ports. The same after a restart. */
export function sessionCookieName(site: string): string {
  const digest = createHash('sha256').update(`mailroot asp session ${site}`).digest();
  return `ASPSESSIONID${Array.from(digest.subarray(0, 8), (byte) => String.fromCharCode(65 + (byte % 26))).join('')}`;
}

/** The values of the cookie `name` in a Cookie field, in order. */
export function keysInCookies(cookies: string | undefined, name: string): readonly string[] {
  if (cookies === undefined || !cookies.includes(name)) return [];
  const keys: string[] = [];
  for (const pair of cookies.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name && keys.length < MOST_KEYS)
      keys.push(pair.slice(equals + 1).trim());
  }
  return keys;
}

/**
 * The Set-Cookie field. It ends with the browser.
 * deviates: SameSite=Lax is ours: a form on a foreign site posts without the session.
 */
export function sessionCookie(name: string, key: string, options: { readonly secure: boolean }): string {
  return `${name}=${key}; path=/; HttpOnly; SameSite=Lax${options.secure ? '; Secure' : ''}`;
}
