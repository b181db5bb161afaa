import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGuardedClass } from '../../objects/index.ts';
import type { PageError } from '../contract.ts';
import { plainError } from './error-page.ts';
import { MailLost, PageOutbox } from './page-outbox.ts';

const FILE = { temporary: '/pickup/.mailroot-a', folder: '/pickup', name: 'a' };
const MAIL = { folder: 'C:\\Pickup', by: 'cdo' } as const;

function outbox(lost: () => PageError | undefined = () => undefined) {
  const calls: string[] = [];
  const made = new PageOutbox({
    send: ({ at }) => calls.push(`sent ${at.file}:${at.line}`),
    settle: () => {
      calls.push('settle');
      return lost();
    },
  });
  return { made, calls };
}

test('mail waits until something is seen outside; with none waiting nobody is asked', () => {
  const { made, calls } = outbox();
  assert.equal(made.isOpen, false);
  made.begin('before-answer', () => ({ file: '/p.asp', line: 7, column: 1 }));
  assert.equal(made.isOpen, true);
  made.settle();
  made.take(FILE, MAIL);
  made.take(FILE, MAIL);
  made.settle();
  made.settle();
  assert.deepEqual(calls, ['sent /p.asp:7', 'sent /p.asp:7', 'settle']);
  assert.equal(made.end(), false);
  assert.equal(made.isOpen, false);
});

test('what waits has an end', () => {
  const { made, calls } = outbox();
  made.begin('before-answer', () => ({ file: '/p.asp', line: 1, column: 1 }));
  for (let count = 0; count < 1000; count += 1) made.take(FILE, MAIL);
  assert.equal(calls.filter((call) => call === 'settle').length, 5);
});

test('a lost mail ends the page, and each later effect fails too, until the next page', () => {
  const error = plainError(240, '/p.asp', 3);
  const { made } = outbox(() => error);
  made.begin('before-answer', () => ({ file: '/p.asp', line: 3, column: 1 }));
  made.take(FILE, MAIL);
  for (let count = 0; count < 2; count += 1)
    assert.throws(
      () => made.settle(),
      (thrown) => thrown instanceof MailLost && thrown.error === error,
    );
  made.begin('before-answer', () => ({ file: '/q.asp', line: 1, column: 1 }));
  made.settle();
});

test('a class whose ways out are not known to be guarded closes the outbox; Send flushes by itself then', () => {
  const { made, calls } = outbox();
  made.begin('before-answer', () => ({ file: '/p.asp', line: 1, column: 1 }));
  made.take(FILE, MAIL);
  made.close();
  assert.deepEqual(calls, ['sent /p.asp:1', 'settle']);
  assert.equal(made.isOpen, false);
  made.kept();
  assert.equal(made.end(), true);
  for (const progId of ['CDO.Message', 'cdo.message.1', 'ADODB.Connection.2.8', 'MSXML2.DOMDocument.6.0'])
    assert.equal(isGuardedClass(progId), true, progId);
  for (const progId of ['Some.Component', 'CDO.Messages', 'ADODB', ''])
    assert.equal(isGuardedClass(progId), false);
});
