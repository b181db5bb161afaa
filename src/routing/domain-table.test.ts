import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelayError } from '../base/index.ts';
import { DomainTable } from './domain-table.ts';
import type { RemoteDomain } from './settings.ts';

const remote = (name: string): RemoteDomain => ({
  name,
  useDns: false,
  greetWithHelo: false,
  holdForEtrn: false,
  allowRelay: false,
});

const table = new DomainTable({
  localDomains: ['Example.com', '*.local.example', '[192.0.2.1]', 'both.example'],
  remoteDomains: ['*.example', 'host.local.example', '*.deep.partner.example', 'both.example', '*'].map(
    remote,
  ),
});

const cases: readonly [string, string | undefined][] = [
  ['example.com', 'local Example.com'],
  ['sub.example.com', 'remote *'],
  ['a.local.example', 'local *.local.example'],
  ['a.b.local.example', 'local *.local.example'],
  // `*.x` does not cover `x` itself.
  ['local.example', 'remote *.example'],
  ['host.local.example', 'remote host.local.example'],
  ['x.deep.partner.example', 'remote *.deep.partner.example'],
  ['deep.partner.example', 'remote *.example'],
  ['both.example', 'local both.example'],
  ['elsewhere.test', 'remote *'],
  ['[192.0.2.1]', 'local [192.0.2.1]'],
  // A wildcard is about names; it says nothing of literals.
  ['[192.0.2.2]', undefined],
];
for (const [domain, expected] of cases) {
  test(`the rule for ${domain} is ${expected ?? 'none'}`, () => {
    const rule = table.find(domain);
    assert.equal(rule && `${rule.kind} ${rule.name}`, expected);
  });
}

test('without wildcards only listed names have a rule', () => {
  const plain = new DomainTable({ localDomains: ['a.test'], remoteDomains: [] });
  assert.equal(plain.isLocal('a.test'), true);
  assert.equal(plain.isLocal('b.a.test'), false);
  assert.equal(plain.find('test'), undefined);
});

for (const name of ['a*.test', '*test', '**.test', '*.', '', 'a b']) {
  test(`refuses the name '${name}'`, () => {
    assert.throws(
      () => new DomainTable({ localDomains: [name], remoteDomains: [] }),
      (failure) => failure instanceof RelayError && failure.code === 'config-invalid',
    );
  });
}
