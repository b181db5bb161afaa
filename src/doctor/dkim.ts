/**
 * What DNS says about a DKIM key.
 * Owns: reading the record, judging the key.  Leaves: asking (outbound.ts), signing (whoever signs our mail: the smart host).
 * Sources: RFC 6376 §3.6.1; RFC 8301 §3.2 (1024 bits at least, 2048 better); RFC 8463 (Ed25519).
 */
import { createPublicKey } from 'node:crypto';
import type { Finding } from './finding.ts';

const FEWEST_BITS = 1024;
const GOOD_BITS = 2048;

/** `name` is `SELECTOR._domainkey.DOMAIN`; `records` are its TXT records, put together. */
export function dkimCheck(name: string, records: readonly string[]): Finding[] {
  const finding = (id: string, severity: Finding['severity'], seen: string, cure: string): Finding => ({
    id: `outbound.dkim-${id}`,
    severity,
    seen: `${name}: ${seen}`,
    why: 'Receivers check the signature of mail with this key; one that does not fit makes them distrust it.',
    cure,
    source: 'RFC 6376 §3.6.1; RFC 8301 §3.2',
  });
  const keys = records.filter((record) => /(?:^|;)\s*p\s*=/.test(record));
  if (keys.length === 0)
    return [
      finding(
        'missing',
        'warning',
        'there is no DKIM key',
        'Publish the TXT record that the signing server names, or correct the selector.',
      ),
    ];
  if (keys.length > 1)
    return [
      finding(
        'broken',
        'error',
        `there are ${keys.length} keys; only one is allowed`,
        'Leave one TXT record.',
      ),
    ];
  const tags = new Map(
    keys[0]!.split(';').map((tag) => {
      const at = tag.indexOf('=');
      return [tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s+/g, '')] as const;
    }),
  );
  const key = tags.get('p') ?? '';
  if (key === '')
    return [
      finding(
        'revoked',
        'error',
        'the key is empty: it was revoked',
        'Sign with another selector, or publish a key.',
      ),
    ];
  const type = tags.get('k') ?? 'rsa';
  const version = tags.get('v');
  if ((version !== undefined && version !== 'DKIM1') || (type !== 'rsa' && type !== 'ed25519'))
    return [
      finding(
        'broken',
        'error',
        `the record is no key that receivers know (v=${version ?? ''}, k=${type})`,
        'Publish it as: v=DKIM1; k=rsa; p=…',
      ),
    ];
  if (type === 'ed25519') {
    const isWhole = Buffer.from(key, 'base64').length === 32;
    return isWhole
      ? []
      : [finding('broken', 'error', 'the Ed25519 key has not 32 bytes', 'Publish the whole key.')];
  }
  const bits = rsaBits(key);
  if (bits === undefined)
    return [
      finding(
        'broken',
        'error',
        'the key cannot be read',
        'Publish it whole: texts of more than 255 characters are several strings of one TXT record.',
      ),
    ];
  if (bits < FEWEST_BITS)
    return [
      finding(
        'weak',
        'error',
        `the key has ${bits} bits; receivers refuse fewer than 1024`,
        'Make a new key with 2048 bits.',
      ),
    ];
  if (bits < GOOD_BITS)
    return [
      finding('weak', 'info', `the key has ${bits} bits; 2048 are advised`, 'Make a new key with 2048 bits.'),
    ];
  return [];
}

function rsaBits(key: string): number | undefined {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const read = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type });
      return read.asymmetricKeyDetails?.modulusLength;
    } catch {
      // The other form, which old signers publish.
    }
  }
  return undefined;
}
