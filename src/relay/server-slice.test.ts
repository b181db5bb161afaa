import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadConfig } from '../config/index.ts';
import { defaultServerSettings } from '../smtp/index.ts';
import { serverSlice } from './server-slice.ts';

it('gives the same limits as the SMTP room knows them, for both profiles', () => {
  for (const profile of ['today', 'iis'] as const) {
    const result = loadConfig(`profile: ${profile}`, '/etc/mailroot/mailroot.yaml');
    assert.ok(result.ok);
    const slice = serverSlice(result.config.servers[0]!, 'mail.example.com');
    const known = defaultServerSettings({ name: 'default', fqdn: 'mail.example.com' }, profile);
    // deviates: one message may take a day under `iis`, not for ever.
    const { messageTimeoutMs, ...limits } = slice.limits;
    const { messageTimeoutMs: knownTimeoutMs, ...knownLimits } = known.limits;
    assert.deepEqual(limits, knownLimits);
    assert.equal(messageTimeoutMs, profile === 'iis' ? 86_400_000 : knownTimeoutMs);
    assert.equal(slice.queuedReply, known.queuedReply);
    assert.equal(slice.helloCheck, known.helloCheck);
  }
});
