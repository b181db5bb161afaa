/**
 * Runs the programs of test/script/objects/*.vbs: every member of the objects that scripts create, used rightly and wrongly. Their form
 * is described in test/support/script-programs.ts. Members are used twice: traced by `invoke`, untraced by the direct way.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after } from 'node:test';
import { ScriptCache } from '../../src/vbscript/index.ts';
import { testPrograms } from '../support/script-programs.ts';
import { runObjectProgram } from './support/object-programs.ts';

process.env['TZ'] = 'UTC';

const cache = new ScriptCache(10);

const met = testPrograms({
  folder: join(import.meta.dirname, 'objects'),
  extension: '.vbs',
  mark: "'",
  variants: ['plain', 'traced'],
  execute: (source, variant, t) => runObjectProgram(t, source, { cache, isTraced: variant === 'traced' }),
});

after(() => {
  assert.ok(met.assertions >= 300, `the programs hold ${met.assertions} assertions`);
});
