/** The short form of scripts/fuzz-vbscript.ts: the same programs and mutations, a fixed seed. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fuzz } from '../../scripts/fuzz-vbscript.ts';

it('survives generated programs and mutated sources', () => {
  const report = fuzz(800, 20030102);
  assert.equal(report.programs, 800);
  assert.ok(report.compiled > 400, `only ${report.compiled} programs compiled: the generator is of no use`);
  assert.ok(report.completed > 100, `only ${report.completed} programs ran to their end`);
});
