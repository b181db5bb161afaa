import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { call, each, errorOf, get, put, testScope } from '../../../test/script/support/object-scope.ts';
import { type AutomationValue, NOTHING, Scalar, VT } from '../../automation/index.ts';

function documentOf(t: TestContext, xml?: string, progId = 'Microsoft.XMLDOM'): AutomationValue {
  const document = testScope(t).createObject(progId);
  if (xml !== undefined)
    assert.equal(call(document, 'loadXML', xml), true, String(get(get(document, 'parseError'), 'reason')));
  return document;
}

const ORDERS =
  '<orders>\n <order id="1"><name> Ann </name></order>\n <order id="2"><name>Bob</name></order>\n</orders>';

test('selectNodes and selectSingleNode find what XPath names', (t) => {
  const document = documentOf(t, ORDERS);
  const found = call(document, 'selectNodes', '//order');
  assert.equal(get(found, 'length'), 2);
  assert.deepEqual(
    each(found).map((node) => call(node, 'getAttribute', 'id')),
    ['1', '2'],
  );
  assert.equal(get(call(document, 'selectSingleNode', "//order[@id='2']/name"), 'text'), 'Bob');
  assert.equal(call(document, 'selectSingleNode', '//none'), NOTHING);
  assert.equal(get(get(found, '', 0), 'nodeName'), 'order');
  assert.equal(get(found, 'item', 5), NOTHING);
  assert.equal(
    errorOf(() => call(document, 'selectNodes', '//[')),
    0x8000_4005 | 0,
  );
});

test('MSXML 3 counts indexes from 0 until SelectionLanguage is XPath; MSXML 6 counts from 1', (t) => {
  const xml = "<a><b>1</b><b x='[0]'>2</b></a>";
  const three = documentOf(t, xml);
  assert.equal(get(call(three, 'selectSingleNode', '/a/b[0]'), 'text'), '1');
  assert.equal(get(call(three, 'selectSingleNode', '/a/b[end()]'), 'text'), '2');
  assert.equal(get(call(three, 'selectSingleNode', "/a/b[@x='[0]' $and$ index()=1]"), 'text'), '2');
  call(three, 'setProperty', 'SelectionLanguage', 'XPath');
  assert.equal(get(call(three, 'selectSingleNode', '/a/b[1]'), 'text'), '1');
  const six = documentOf(t, xml, 'MSXML2.DOMDocument.6.0');
  assert.equal(get(call(six, 'selectSingleNode', '/a/b[1]'), 'text'), '1');
});

test('searches with prefixes use SelectionNamespaces', (t) => {
  const document = documentOf(t, '<a xmlns="urn:x"><b>1</b></a>');
  assert.equal(call(document, 'selectSingleNode', '//b'), NOTHING);
  call(document, 'setProperty', 'SelectionNamespaces', "xmlns:p='urn:x'");
  assert.equal(get(call(document, 'selectSingleNode', '//p:b'), 'text'), '1');
});

test('the same node is always the same object', (t) => {
  const document = documentOf(t, '<a><b/></a>');
  const root = get(document, 'documentElement');
  assert.equal(get(document, 'documentElement'), root);
  assert.equal(get(get(root, 'firstChild'), 'parentNode'), root);
  assert.equal(get(root, 'parentNode'), document);
  assert.equal(get(root, 'ownerDocument'), document);
});

test('text that only indents is dropped unless preserveWhiteSpace is set; text is trimmed', (t) => {
  const document = documentOf(t, ORDERS);
  assert.equal(get(get(get(document, 'documentElement'), 'childNodes'), 'length'), 2);
  assert.equal(get(call(document, 'selectSingleNode', '//name'), 'text'), 'Ann');
  const kept = documentOf(t);
  put(kept, 'preserveWhiteSpace', true);
  call(kept, 'loadXML', ORDERS);
  assert.equal(get(get(get(kept, 'documentElement'), 'childNodes'), 'length'), 5);
  assert.equal(get(call(kept, 'selectSingleNode', '//name'), 'text'), ' Ann ');
});

test('builds a document node by node and prints it without an encoding', (t) => {
  const document = documentOf(t);
  call(
    document,
    'appendChild',
    call(document, 'createProcessingInstruction', 'xml', 'version="1.0" encoding="utf-8"'),
  );
  const root = call(document, 'createElement', 'mail');
  put(document, 'documentElement', root);
  call(root, 'setAttribute', 'to', 'a&b');
  const body = call(document, 'createNode', 'element', 'body', '');
  put(body, 'text', '<hello>');
  call(root, 'appendChild', body);
  call(root, 'insertBefore', call(document, 'createComment', 'first'), body);
  assert.equal(
    get(document, 'xml'),
    '<?xml version="1.0"?>\r\n<mail to="a&amp;b"><!--first--><body>&lt;hello&gt;</body></mail>\r\n',
  );
  call(root, 'removeChild', body);
  call(root, 'replaceChild', call(document, 'createCDATASection', 'x<y'), get(root, 'firstChild'));
  assert.equal(get(root, 'xml'), '<mail to="a&amp;b"><![CDATA[x<y]]></mail>');
  assert.equal(
    errorOf(() => call(root, 'appendChild', 'text')),
    424,
  );
  assert.equal(
    errorOf(() => call(document, 'createElement', 'a b')),
    0x8000_4005 | 0,
  );
});

test('attributes are a map and nodes of their own', (t) => {
  const root = get(documentOf(t, '<a b="1" c="2"/>'), 'documentElement');
  const map = get(root, 'attributes');
  assert.deepEqual(
    each(map).map((node) => `${String(get(node, 'name'))}=${String(get(node, 'value'))}`),
    ['b=1', 'c=2'],
  );
  put(call(map, 'getNamedItem', 'b'), 'value', '9');
  assert.equal(call(root, 'getAttribute', 'b'), '9');
  call(map, 'removeNamedItem', 'c');
  assert.equal(call(root, 'getAttribute', 'c'), null);
  call(root, 'removeAttribute', 'b');
  assert.equal(get(map, 'length'), 0);
  assert.equal(call(map, 'getNamedItem', 'b'), NOTHING);
});

test('bin.base64 turns bytes into text with a line feed after 72 characters, and back', (t) => {
  const element = call(documentOf(t), 'createElement', 'b');
  put(element, 'dataType', 'bin.base64');
  const bytes = new Uint8Array(60).fill(0xab);
  put(element, 'nodeTypedValue', bytes);
  assert.equal(
    get(element, 'text'),
    `${Buffer.from(bytes).toString('base64').slice(0, 72)}\n${'q6ur'.repeat(2)}`,
  );
  assert.deepEqual(get(element, 'nodeTypedValue'), bytes);
  put(element, 'dataType', 'bin.hex');
  put(element, 'nodeTypedValue', new Uint8Array([1, 255]));
  assert.equal(get(element, 'text'), '01ff');
});

test('typed values read numbers, switches and dates', (t) => {
  const element = call(documentOf(t), 'createElement', 'v');
  for (const [type, text, expected] of [
    ['int', '42', 42],
    ['r8', '1.5', new Scalar(VT.double, 1.5)],
    ['boolean', '1', true],
    ['date', '2003-01-02', new Scalar(VT.date, 37623)],
    ['string', 'x', 'x'],
  ] as const) {
    put(element, 'dataType', type);
    put(element, 'text', text);
    assert.deepEqual(get(element, 'nodeTypedValue'), expected, type);
  }
});

test('text nodes are edited in place', (t) => {
  const node = call(documentOf(t), 'createTextNode', 'hello');
  call(node, 'appendData', ' world');
  call(node, 'insertData', 5, ',');
  call(node, 'deleteData', 0, 1);
  call(node, 'replaceData', 0, 1, 'J');
  assert.equal(get(node, 'data'), 'Jllo, world');
  assert.equal(call(node, 'substringData', 0, 4), 'Jllo');
  assert.equal(get(node, 'length'), 11);
  assert.equal(
    errorOf(() => call(node, 'insertData', 99, 'x')),
    0x8007_0057 | 0,
  );
});

for (const [xml, code, reason] of [
  ['', -1072896680, 'XML document must have a top level element.'],
  ['<a><b></a>', -1072896659, "End tag 'a' does not match the start tag 'b'."],
  ['<a>', -1072896685, 'The following tags were not closed: a.'],
  ['<a x="1" x="2"/>', -1072896684, 'Duplicate attribute.'],
  ['<a/><b/>', -1072896683, 'Only one top level element is allowed in an XML document.'],
  ['<a>&nbsp;</a>', -1072898046, "Reference to undefined entity 'nbsp'."],
  ['<p:a/>', -1072898019, 'Reference to undeclared namespace prefix.'],
  ['<a b=c/>', -1072896764, 'A string literal was expected, but no opening quote character was found.'],
  ['<a>\x01</a>', -1072896760, 'An invalid character was found in text content.'],
  ['<a>&#0;</a>', -1072896760, 'An invalid character was found in text content.'],
] as const)
  test(`loadXML of ${JSON.stringify(xml)} fails with ${code}`, (t) => {
    const document = documentOf(t);
    assert.equal(call(document, 'loadXML', xml), false);
    const error = get(document, 'parseError');
    assert.equal(get(error, 'errorCode'), code);
    assert.equal(get(error, ''), code);
    assert.equal(get(error, 'reason'), `${reason}\r\n`);
    assert.equal(get(document, 'documentElement'), NOTHING);
  });

test('parseError tells line, column and the line itself', (t) => {
  const document = documentOf(t);
  call(document, 'loadXML', '<a>\r\n  <b></c>\r\n</a>');
  const error = get(document, 'parseError');
  assert.equal(get(error, 'line'), 2);
  assert.equal(get(error, 'srcText'), '  <b></c>');
});

test('loads and saves files in granted folders, in the encoding they declare', (t) => {
  const scope = testScope(t);
  const document = scope.createObject('MSXML2.DOMDocument.3.0');
  writeFileSync(
    join(scope.folder, 'data', 'in.xml'),
    '<?xml version="1.0" encoding="iso-8859-1"?><a>gr\xfc\xdf</a>',
    'latin1',
  );
  put(document, 'async', false);
  assert.equal(call(document, 'load', 'C:\\data\\IN.xml'), true);
  assert.equal(get(get(document, 'documentElement'), 'text'), 'grüß');
  call(document, 'save', 'out.xml');
  assert.match(
    readFileSync(join(scope.folder, 'data', 'out.xml'), 'latin1'),
    /encoding="iso-8859-1"\?>\r\n<a>gr\xfc\xdf<\/a>/,
  );
  assert.equal(call(document, 'load', 'file:///C:/data/out.xml'), true);
  assert.equal(call(document, 'load', 'none.xml'), false);
  assert.equal(get(get(document, 'parseError'), 'errorCode'), -2146697210);
  assert.equal(call(document, 'load', 'file:///etc/passwd'), false);
});

test('loads an address through the waiting room and reports a refusal', (t) => {
  const scope = testScope(t);
  const document = scope.createObject('Microsoft.XMLDOM');
  scope.answer = () => ({ status: 200, statusText: 'OK', headers: [], body: Buffer.from('<a/>'), url: '' });
  assert.equal(call(document, 'load', 'http://example.test/a.xml'), true);
  scope.answer = () => {
    throw Object.assign(new Error('Access is denied.'), { hresult: 0x8007_0005 | 0 });
  };
  assert.equal(call(document, 'load', 'http://example.test/a.xml'), false);
  assert.equal(get(get(document, 'parseError'), 'errorCode'), 0x8007_0005 | 0);
});

const BOMB = `<!DOCTYPE a [<!ENTITY x "${'lol'.repeat(10)}"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>`;
const OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';
for (const [name, xml] of [
  ['an entity bomb', BOMB],
  ['an entity that names a file', OUTSIDE],
  ['elements nested 300 deep', '<a>'.repeat(300) + '</a>'.repeat(300)],
] as const)
  test(`refuses ${name}`, (t) => {
    const document = documentOf(t);
    assert.equal(call(document, 'loadXML', xml), false);
    assert.notEqual(get(get(document, 'parseError'), 'errorCode'), 0);
  });

test('MSXML 6 refuses every DTD, MSXML 3 takes one without entities', (t) => {
  const xml = '<!DOCTYPE a SYSTEM "a.dtd"><a/>';
  assert.equal(call(documentOf(t), 'loadXML', xml), true);
  const six = documentOf(t, undefined, 'MSXML2.DOMDocument.6.0');
  assert.equal(call(six, 'loadXML', xml), false);
  assert.equal(get(get(six, 'parseError'), 'reason'), 'DTD is prohibited.\r\n');
  call(six, 'setProperty', 'ProhibitDTD', false);
  assert.equal(call(six, 'loadXML', xml), true);
});

test('no text makes loadXML throw or hang', (t) => {
  const document = documentOf(t);
  const pieces = fc.array(
    fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      'a',
      'b',
      ' ',
      '=',
      '"',
      "'",
      '&',
      ';',
      '#',
      'x1',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<!DOCTYPE',
      '[',
      ']',
      ':',
      'xmlns',
      '\0',
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      assert.equal(typeof call(document, 'loadXML', parts.join('')), 'boolean');
    }),
    { numRuns: 500 },
  );
});
