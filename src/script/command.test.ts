import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { runScriptCommand } from './command.ts';
import { ScriptPool } from './pool.ts';

let folder: string;
let pool: ScriptPool;
before(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-command-')));
  mkdirSync(join(folder, 'Pickup'));
  mkdirSync(join(folder, 'jobs'));
  pool = new ScriptPool({ size: 1, warm: 1 });
});
after(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

type Run = { code: number; stdout: string; stderr: string; configAsked: number };

async function run(script: string | Buffer, ...args: string[]): Promise<Run> {
  writeFileSync(join(folder, 'jobs', 'x.vbs'), script);
  return command(...args);
}

async function command(...args: string[]): Promise<Run> {
  const result: Run = { code: -1, stdout: '', stderr: '', configAsked: 0 };
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  for (const name of ['stdout', 'stderr'] as const)
    streams[name].setEncoding('utf8').on('data', (text: string) => {
      result[name] += text;
    });
  result.code = await runScriptCommand(
    args,
    { stdin: Readable.from(['in\n']), ...streams, environment: { HOME: '/home/x', SHOWN: 'yes' }, folder },
    {
      pool,
      findFolders: async () => {
        result.configAsked += 1;
        return { pickup: join(folder, 'Pickup'), drop: join(folder, 'Drop') };
      },
    },
  );
  return result;
}

const X = join('jobs', 'x.vbs');

test('prints with the line ends of this platform and ends with the code of Quit', async () => {
  const { code, stdout } = await run(
    'WScript.Echo "a"\nWScript.StdOut.Write "b" & vbCr\nWScript.StdOut.Write vbLf & "c"\nWScript.Quit 9',
    X,
  );
  assert.equal(stdout, process.platform === 'win32' ? 'a\r\nb\r\nc' : 'a\nb\nc');
  assert.equal(code, 9);
});

test('an error is told on standard error and ends with 1; batch mode keeps it back', async () => {
  const told = `${X}(2, 1) Microsoft VBScript runtime error: Type mismatch: 'Nothere'\n`;
  const shown = await run('x = 1\nNothere 1', X);
  assert.deepEqual([shown.code, shown.stdout, shown.stderr], [1, '', told]);
  const batch = await run('x = 1\nNothere 1', X, '//B');
  assert.deepEqual([batch.code, batch.stdout, batch.stderr], [1, '', '']);
});

test('//T ends a script that takes too long, with the words of cscript', async () => {
  const { code, stderr } = await run('Do: Loop', '//T:1', X);
  assert.equal(
    stderr,
    `Script execution time was exceeded on script "${X}".\nScript execution was terminated.\n`,
  );
  assert.equal(code, 1);
});

test('the script’s folder is C:\\Scripts; a mapping that covers it wins', async () => {
  const script = 'WScript.Echo WScript.ScriptFullName, CreateObject("WScript.Shell").CurrentDirectory';
  assert.equal((await run(script, X)).stdout, 'C:\\Scripts\\x.vbs C:\\Scripts\n');
  assert.equal(
    (await run(script, '--map', `D:\\work=${folder}`, X)).stdout,
    'D:\\work\\jobs\\x.vbs D:\\work\n',
  );
});

test('a mapping for reading refuses writing', async () => {
  const { stdout } = await run(
    'On Error Resume Next\nCreateObject("Scripting.FileSystemObject").CreateTextFile("D:\\new.txt").Write "x"\nWScript.Echo Err.Number',
    '--map-read',
    `D:\\=${folder}`,
    X,
  );
  assert.equal(stdout, '70\n');
  assert.ok(!existsSync(join(folder, 'new.txt')));
});

test('variables are seen only when given', async () => {
  const script =
    'WScript.Echo CreateObject("WScript.Shell").ExpandEnvironmentStrings("%SHOWN%|%SET%|%HOME%|%OS%")';
  assert.equal((await run(script, X)).stdout, '%SHOWN%|%SET%|%HOME%|Windows_NT\n');
  assert.equal(
    (await run(script, '--env', 'SHOWN', '--env', 'SET=a=b', X)).stdout,
    'yes|a=b|%HOME%|Windows_NT\n',
  );
});

test('the configuration is asked for its Pickup folder only when a message needs it', async () => {
  assert.equal((await run('WScript.Echo 1', X)).configAsked, 0);
  const send =
    'Set m = CreateObject("CDO.Message")\nm.From = "a@example.test"\nm.To = "b@example.test"\nm.Send';
  assert.equal((await run(send, X)).configAsked, 1);
  assert.equal(readdirSync(join(folder, 'Pickup')).length, 1);
  mkdirSync(join(folder, 'Other'));
  const own = await run(send, '--pickup', 'Other', X);
  assert.deepEqual([own.code, own.configAsked], [0, 0]);
  assert.equal(readdirSync(join(folder, 'Other')).length, 1);
  const none = await run(send, '--pickup', 'Missing', X);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /CDO\.Message\.1: The "SendUsing" configuration value is invalid/);
});

test('writes mail as the newest Windows did, or as --mail-profile says', async () => {
  const send =
    'Set m = CreateObject("CDO.Message")\nm.From = "a@example.test"\nm.To = "b@example.test"\nm.Subject = "x"\nm.Send';
  const sent = async (name: string, ...options: string[]): Promise<string> => {
    mkdirSync(join(folder, name));
    const { code, stderr } = await run(send, '--pickup', name, ...options, X);
    assert.deepEqual([code, stderr], [0, '']);
    const [file] = readdirSync(join(folder, name));
    return readFileSync(join(folder, name, file!), 'latin1');
  };
  const newest = await sent('newest');
  assert.match(newest, /^From: <a@example\.test>\r$/m);
  assert.match(newest, /^X-MimeOLE: Produced By Microsoft MimeOLE\r$/m);
  const older = await sent('older', '--mail-profile', 'Windows-2003');
  assert.match(older, /^X-MimeOLE: Produced By Microsoft MimeOLE V6\.00\.3790\.4073\r$/m);
  const plain = await sent('plain', '--mail-profile', 'standards');
  assert.match(plain, /^From: a@example\.test\r$/m);
  assert.doesNotMatch(plain, /^X-MimeOLE:/m);
});

test('the Drop folder of the service is read by CDO.DropDirectory and CDONTS.Session, and cannot be changed', async () => {
  mkdirSync(join(folder, 'Drop'), { recursive: true });
  for (const to of ['ann', 'bob'])
    writeFileSync(
      join(folder, 'Drop', `${to}.eml`),
      `x-sender: s@example.test\r\nx-receiver: ${to}@example.test\r\nFrom: s@example.test\r\nTo: ${to}@example.test\r\nSubject: for ${to}\r\n\r\nbody\r\n`,
    );
  const script = `Set list = CreateObject("CDO.DropDirectory").GetMessages
For Each m In list
  WScript.Echo m.Subject
Next
Set s = CreateObject("CDONTS.Session")
s.LogonSMTP "Bob", "bob@example.test"
WScript.Echo s.Inbox.Messages.Count, s.Inbox.Messages(1).Subject
Set fso = CreateObject("Scripting.FileSystemObject")
On Error Resume Next
list.Delete 1
If Err.Number <> 0 Then WScript.Echo "kept"
Err.Clear
fso.DeleteFile "C:\\inetpub\\mailroot\\Drop\\bob.eml"
WScript.Echo Err.Number
fso.CreateTextFile "C:\\inetpub\\mailroot\\Drop\\new.eml"
WScript.Echo Err.Number`.replaceAll('\\\\', '\\');
  const { stdout, stderr, configAsked } = await run(script, X);
  assert.equal(stderr, '');
  assert.equal(stdout, 'for ann\nfor bob\n1 for bob\nkept\n70\n70\n');
  assert.equal(configAsked, 1);
  assert.deepEqual(readdirSync(join(folder, 'Drop')), ['ann.eml', 'bob.eml']);
});

test('without a service there is no Drop folder, and CDO says so', async () => {
  rmSync(join(folder, 'Drop'), { recursive: true, force: true });
  const { code, stderr } = await run('CreateObject("CDO.DropDirectory").GetMessages', X);
  assert.equal(code, 1);
  assert.match(stderr, /CDO\.DropDirectory\.1: No default drop directory/);
});

test('reads scripts in UTF-8, UTF-16 and the code page', async () => {
  const text = 'WScript.Echo "Grüße"';
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(text, 'latin1'),
  ])
    assert.equal((await run(bytes, X)).stdout, 'Grüße\n');
  assert.equal(
    (await run(Buffer.from('WScript.Echo "\xcf\xf0"', 'latin1'), '--code-page', '1251', X)).stdout,
    'Пр\n',
  );
});

test('--locale decides how numbers and dates are written', async () => {
  const script = 'WScript.Echo 1.5, #1/2/2003#';
  assert.equal((await run(script, '--locale', '1031', X)).stdout, '1,5 02.01.2003\n');
});

for (const [args, complaint] of [
  [['gone.vbs'], /^mailroot script: gone\.vbs: there is no such file\.\n$/],
  [['jobs'], /^mailroot script: jobs: it is a folder\.\n$/],
  [['x.vbe'], /encoded scripts are not run here/],
  [['x.jse'], /encoded scripts are not run here/],
  [['--map', 'C:\\x=/nonexistent', X], /there is no folder .*nonexistent/],
  [['--map', 'nonsense=.', X], /'nonsense' is no Windows path; write it as C:\\folder/],
  [['--code-page', '99999', X], /--code-page 99999: there is no such code page/],
  [['--locale', '77', X], /--locale 77: /],
  [['--mail-profile', 'dos', X], /--mail-profile dos: .* windows-2003, .*windows-2016/],
  [['--wrong', X], /there is no option --wrong/],
] as const)
  test(`wrong use ends with 2 and says why: ${args.join(' ')}`, async () => {
    const result = await run('x = 1', ...args);
    assert.match(result.stderr, complaint);
    assert.deepEqual([result.code, result.stdout], [2, '']);
  });

test('--help explains every option', async () => {
  const { code, stdout } = await command('--help');
  assert.equal(code, 0);
  for (const option of [
    '--pickup',
    '--map',
    '--map-read',
    '--allow-host',
    '--allow-run',
    '--env',
    '--config',
    '//T:nn',
    '//Job',
  ])
    assert.ok(stdout.includes(option), option);
});

test('the program itself: bin/mailroot.mjs script, through a pipe', () => {
  writeFileSync(
    join(folder, 'pipe.vbs'),
    'WScript.Echo UCase(WScript.StdIn.ReadAll) & WScript.Arguments(0)\nWScript.Quit 4',
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../bin/mailroot.mjs'), 'script', 'pipe.vbs', 'x y'],
    {
      cwd: folder,
      input: 'hello ',
      encoding: 'utf8',
      env: { ...process.env, MAILROOT_CODE_CACHE: join(folder, 'code') },
    },
  );
  assert.deepEqual([status, stdout, stderr], [4, 'HELLO x y\n', '']);
});

test('--data-source opens a database by its row, also one beside the folders of the script', async () => {
  writeFileSync(join(folder, 'shop.db'), '');
  const script = `Set c = CreateObject("ADODB.Connection")
c.Open "DSN=Shop"
c.Execute "CREATE TABLE t (a TEXT(5))"
c.Execute "INSERT INTO t VALUES ('x')", n
WScript.Echo n, c.Execute("SELECT a FROM t")(0)`;
  const { stdout, stderr, code } = await run(script, '--data-source', 'shop=sqlite:shop.db', 'jobs/x.vbs');
  assert.deepEqual([stdout, stderr, code], ['1 x\n', '', 0]);
});

test('--data-source is refused before the script runs, without showing what may be a password', async () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    [
      'shop=sqlite:nothing.db',
      /^mailroot script: --data-source: there is no file .*nothing\.db for 'shop'\.\n$/,
    ],
    [
      'shop=mysql://u:hidden@h/d',
      /^mailroot script: --data-source: the data source is written as 'MATCH=sqlite:FILE'/,
    ],
    ['shop=postgresql://u:hidden@/', /needs an address as in postgresql:/],
  ];
  for (const [value, told] of rows) {
    const { stderr, code } = await run('WScript.Echo 1', '--data-source', value, 'jobs/x.vbs');
    assert.match(stderr, told);
    assert.ok(!stderr.includes('hidden'));
    assert.equal(code, 2);
  }
});
