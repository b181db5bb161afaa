import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { MainSide, ScriptSide, sharedCells } from './channel.ts';

test('the main thread sees that the script rests, and that it does no longer, also after an error', (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const cells = sharedCells();
  const script = new ScriptSide(port2, cells);
  const main = new MainSide(port1, cells);
  assert.equal(main.rest, undefined);
  const first = script.rest(() => main.rest);
  assert.equal(typeof first, 'number');
  assert.equal(main.rest, undefined);
  const second = script.rest(() => main.rest);
  assert.equal(typeof second, 'number');
  assert.notEqual(second, first, 'one wait is told from the next');
  assert.throws(
    () =>
      script.rest(() => {
        throw new Error('disk');
      }),
    /disk/,
  );
  assert.equal(main.rest, undefined);
});
