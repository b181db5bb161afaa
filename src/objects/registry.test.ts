import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, testScope } from '../../test/script/support/object-scope.ts';
import { objectCatalogue } from './catalogue.ts';
import { CO_E_CLASSSTRING, ProgIdRegistry } from './registry.ts';

for (const progId of [
  'Scripting.Dictionary',
  'scripting.dictionary',
  'SCRIPTING.DICTIONARY.1',
  ' Scripting.FileSystemObject ',
  'MSXML2.DOMDocument.3.0',
  'MSXML2.ServerXMLHTTP.6.0',
  'WinHttp.WinHttpRequest.5.1',
  'Persits.MailSender.4',
])
  test(`creates '${progId}'`, (t) => {
    assert.ok(testScope(t).createObject(progId));
  });

for (const progId of ['', 'Nothing.Here', 'Scripting', 'Scripting.Dictionary.x', 'ADODB.Record', '__proto__'])
  test(`does not know '${progId}'`, (t) => {
    assert.throws(() => testScope(t).createObject(progId), { hresult: CO_E_CLASSSTRING });
  });

test('a version that is registered itself wins over the plain name', (t) => {
  const scope = testScope(t);
  assert.equal(
    scope.createObject('MSXML2.DOMDocument.6.0').invoke('call', 'getProperty', ['SelectionLanguage']),
    'XPath',
  );
  assert.equal(
    scope.createObject('MSXML2.DOMDocument').invoke('call', 'getProperty', ['SelectionLanguage']),
    'XSLPattern',
  );
});

test('one ProgID cannot be registered twice', () => {
  assert.throws(
    () => objectCatalogue().register(['scripting.DICTIONARY'], () => get({} as never, '') as never),
    RangeError,
  );
});

test('Scriptlet.TypeLib gives a new GUID of 38 characters and two NULs', (t) => {
  const scope = testScope(t);
  const guid = String(get(scope.createObject('Scriptlet.TypeLib'), 'Guid'));
  assert.match(guid, /^\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}\0\0$/);
  assert.notEqual(guid, get(scope.createObject('Scriptlet.TypeLib'), 'Guid'));
});

test('a registry finds what its base has, its own first, and adds nothing to the base', () => {
  const named = (automationName: string) => ({ automationName, invoke: () => undefined });
  const base = new ProgIdRegistry<string>()
    .register(['A.Thing'], (scope) => named(`base ${scope}`))
    .register(['B.Thing'], () => named('b'));
  const own = new ProgIdRegistry<string>(base)
    .register(['B.Thing'], () => named('own b'))
    .register(['C.Thing'], () => named('c'));
  assert.equal(own.create('a.thing.2', 'scope').automationName, 'base scope');
  assert.equal(own.create('B.THING', '').automationName, 'own b');
  assert.equal(base.create('B.Thing', '').automationName, 'b');
  assert.equal(base.has('C.Thing'), false);
  assert.equal(own.has('D.Thing'), false);
});
