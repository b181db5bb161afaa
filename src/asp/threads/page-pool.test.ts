import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PageBench } from '../../../test/asp/support/page-bench.ts';

function bench(t: TestContext, options: ConstructorParameters<typeof PageBench>[0] = {}): PageBench {
  const made = new PageBench(options);
  t.after(() => made.close());
  return made;
}

test('a page is run and its answer comes in one piece', async (t) => {
  const site = bench(t);
  site.write('hello.asp', '<html>\r\n<% For i = 1 To 3 %>\r\nHello <%= i %>\r\n<% Next %></html>');
  const answer = await site.ask('/hello.asp');
  assert.equal(answer.body, '<html>\r\n\r\nHello 1\r\n\r\nHello 2\r\n\r\nHello 3\r\n</html>');
  assert.equal(answer.head.status, 200);
  assert.equal(answer.header('content-type'), 'text/html');
  assert.equal(answer.pieces.length, 0);
  assert.equal(answer.error, undefined);
});
