/** Errors of Active Server Pages that need more than a page (test/asp/broken has the others), and the list of those that exist. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PageServer } from '../../src/asp/intrinsics/server.ts';
import { AutomationError } from '../../src/automation/index.ts';
import { PageBench } from './support/page-bench.ts';

const GLOBALS: readonly (readonly [code: string, line: number, globalAsa: string])[] = [
  ['0122', 2, '\n<object runat=server id=d scope=page progid="Scripting.Dictionary"></object>'],
  ['0137', 2, '<script language=vbscript runat=server>\n</script><% x = 1 %>'],
  ['0243', 1, '<!--METADATA NAME="no type library" -->'],
  ['0223', 1, '<!--METADATA TYPE="typelib" UUID="00000000-0000-0000-0000-000000000001" -->'],
];

describe('errors of global.asa', () => {
  for (const [code, line, text] of GLOBALS)
    test(`ASP ${code}`, async () => {
      const bench = new PageBench();
      try {
        bench.write('global.asa', text);
        bench.write('page.asp', 'page');
        const { error, body } = await bench.ask('/page.asp');
        assert.deepEqual([error?.aspCode, error?.file, error?.line], [code, '/global.asa', line], body);
        assert.doesNotMatch(body, /^page/);
      } finally {
        await bench.close();
      }
    });
});

test('ASP 0176: MapPath above the root, where parent paths are allowed', async () => {
  const bench = new PageBench({ settings: { enableParentPaths: true } });
  try {
    bench.write('page.asp', 'a\n<%= Server.MapPath("../x") %>');
    const { error } = await bench.ask('/page.asp');
    assert.deepEqual([error?.aspCode, error?.category, error?.line], ['0176', 'Server.MapPath()', 2]);
  } finally {
    await bench.close();
  }
});

test('ASP 0178: an object that may not be made', () => {
  const refuse = () => {
    throw new AutomationError(0x8007_0005 | 0, 'Permission denied');
  };
  const server = new PageServer({ createObject: refuse } as unknown as ConstructorParameters<
    typeof PageServer
  >[0]);
  assert.throws(() => server.createObject('Some.Object'), {
    number: 178,
    hresult: 0x8007_0005 | 0,
    message: /^006~ASP 0178~Server\.CreateObject Access Error~/,
  });
});

test('ASP 0240: a defect of ours ends the thread and is told as an exception of the engine; the next page runs', async () => {
  const bench = new PageBench();
  try {
    bench.write('page.asp', 'page');
    const { site } = bench;
    bench.site = { ...site, windowsFolder: 'no such form of path' };
    assert.equal((await bench.ask('/page.asp')).error?.aspCode, '0240');
    bench.site = site;
    assert.equal((await bench.ask('/page.asp')).body, 'page');
  } finally {
    await bench.close();
  }
});

/** In the table for scripts that raise them and for what is to come; nothing here fails in these ways. */
const NEVER_RAISED = '102 103 106 115 132 147 212 227 229 241'.split(' ');

test('every error in the table is raised in a test, or known to be none of ours', () => {
  const room = join(import.meta.dirname, '../../src/asp');
  const numbers = [...readFileSync(join(room, 'errors.ts'), 'utf8').matchAll(/^ {2}(\d{3}): /gm)].map(
    (match) => match[1]!,
  );
  assert.ok(numbers.length > 80, String(numbers.length));
  const tests = [
    ...filesBelow(import.meta.dirname),
    ...filesBelow(room).filter((file) => file.endsWith('.test.ts')),
  ].map((file) => readFileSync(file, 'latin1'));
  const untested = numbers.filter((number) => {
    const word = new RegExp(`\\b0?${number}\\b`);
    return !NEVER_RAISED.includes(number) && !tests.some((text) => word.test(text));
  });
  assert.deepEqual(untested, []);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('errors.test'))
    .map((entry) => join(entry.parentPath, entry.name))
    .concat(folder === import.meta.dirname ? [import.meta.filename] : []);
}
