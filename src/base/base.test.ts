import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RELAY_ERROR_CODES, RelayError, toRelayError } from './errors.ts';
import { createIdSource } from './ids.ts';

describe('ids', () => {
  it('are 16 characters that sort by time and do not repeat', () => {
    let now = 1_795_000_000_000;
    const ids = createIdSource(() => now);
    const first = ids.next();
    now += 1;
    const later = ids.next();
    assert.match(first, /^[0-9A-HJKMNP-TV-Z]{16}$/);
    assert.ok(first < later);
    const many = new Set(Array.from({ length: 20_000 }, () => ids.next()));
    assert.equal(many.size, 20_000);
  });
});

describe('errors', () => {
  it('name the kind of failure and keep its cause', () => {
    const cause = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const error = toRelayError(cause, 'writing Queue');
    assert.equal(error.code, 'disk-full');
    assert.equal(error.cause, cause);
    assert.match(error.message, /no space left on the disk.*writing Queue/i);
  });

  it('are wrapped once', () => {
    const error = new RelayError('queue-locked', 'taken');
    assert.equal(toRelayError(error, 'starting'), error);
  });

  it('treat what they do not know as a defect', () => {
    assert.equal(toRelayError('thrown text', 'testing').code, 'internal');
  });

  it('are listed in docs/errors.md, each code once and none besides', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
    assert.deepEqual(listed, Object.keys(RELAY_ERROR_CODES));
  });
});
