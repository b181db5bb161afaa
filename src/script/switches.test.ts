import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScriptCommandLine, SwitchProblem } from './switches.ts';

test('--data-source may be repeated and is kept as it was written', () => {
  const line = parseScriptCommandLine([
    '--data-source',
    'a=sqlite:a.db',
    '--data-source=b=postgresql://u@h/b',
    'x.vbs',
  ]);
  assert.deepEqual(line.dataSources, ['a=sqlite:a.db', 'b=postgresql://u@h/b']);
});

test('our options stand before the script, switches anywhere, everything else is an argument', () => {
  const line = parseScriptCommandLine([
    '--map',
    'C:\\inetpub=/srv/www',
    '--map-read=D:\\=/srv/d',
    '--allow-host',
    'a.test',
    '--allow-run',
    'blat.exe=/usr/bin/blat',
    '--env',
    'HOME',
    '--env=NAME=va=lue',
    '--pickup',
    'p',
    '//nologo',
    'send.vbs',
    '//T:30',
    '-t',
    '--map',
    '/to:x',
    '//B',
    '//Job:Nightly',
    '//E:vbscript',
  ]);
  assert.equal(line.file, 'send.vbs');
  assert.deepEqual(line.arguments, ['-t', '--map', '/to:x']);
  assert.equal(line.timeoutSeconds, 30);
  assert.equal(line.mode, 'batch');
  assert.equal(line.jobName, 'Nightly');
  assert.equal(line.pickup, 'p');
  assert.deepEqual(line.maps, [
    { windows: 'C:\\inetpub', folder: '/srv/www', access: 'write' },
    { windows: 'D:\\', folder: '/srv/d', access: 'read' },
  ]);
  assert.deepEqual(line.allowedHosts, ['a.test']);
  assert.deepEqual(line.programs, { 'blat.exe': '/usr/bin/blat' });
  assert.deepEqual(line.variables, { HOME: undefined, NAME: 'va=lue' });
  assert.equal(line.codePage, 1252);
  assert.equal(line.locale, 1033);
});

for (const [args, complaint] of [
  [[], /which script\?/],
  [['--pickup'], /--pickup needs a value/],
  [['--nonsense', 'x.vbs'], /no option --nonsense/],
  [['--map', 'C:\\x', 'x.vbs'], /--map 'C:\\x': write it as 'C:\\folder=DIR'/],
  [['--allow-run', 'x=', 'x.vbs'], /--allow-run 'x=': write it as NAME=PROGRAM/],
  [['x.vbs', '//T:soon'], /\/\/T:soon: the time-out is a number/],
  [['x.vbs', '//T:99999'], /up to 32767/],
  [['x.vbs', '//E:Perl'], /VBScript and JScript are run here/],
  [['x.vbs', '//Job:'], /name the job/],
  [['x.vbs', '//Q'], /\/\/Q: there is no such switch/],
  [['--code-page', 'utf8', 'x.vbs'], /--code-page utf8: a number is expected/],
] as const)
  test(`refuses ${JSON.stringify(args)} and says why`, () => {
    assert.throws(
      () => parseScriptCommandLine(args),
      (thrown) => thrown instanceof SwitchProblem && complaint.test(thrown.message),
    );
  });

test('--help and //? need no script', () => {
  assert.equal(parseScriptCommandLine(['--help']).wantsHelp, true);
  assert.equal(parseScriptCommandLine(['//?']).wantsHelp, true);
});

test('a script whose name begins with a dash follows --', () => {
  assert.equal(parseScriptCommandLine(['--', '-x.vbs', '-y']).file, '-x.vbs');
});
