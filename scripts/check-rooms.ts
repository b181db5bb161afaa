/**
 * Proves the import order between rooms: a room imports only rooms above it in this list, and only their index.ts.
 * The list is the architecture (ARCHITECTURE.md). Tests may import freely; `import type` counts like any import.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src');

const ROOMS = [
  'base',
  'envelope',
  'message',
  'config',
  'smtp',
  'mailroot',
  'queue',
  'routing',
  'intake',
  'outcome',
  'delivery',
  'control',
  'import',
  'relay',
  'events',
  'automation',
  'cdo',
  'cdonts',
  'vbscript',
  'jscript',
  'objects',
  'script',
  'asp',
  'doctor',
  'cli',
] as const;

/** Rooms that see less than their place in the list would let them. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  automation: ['base'],
  vbscript: ['base', 'automation'],
  jscript: ['base', 'automation'],
  smtp: ['base', 'envelope', 'message', 'config'],
};

const problems: string[] = [];
for (const file of sourceFiles(source)) checkFile(file);
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

function checkFile(file: string): void {
  const room = roomOf(file);
  if (room === undefined || !(ROOMS as readonly string[]).includes(room)) {
    problem(file, 1, 'lies in no room: move it into a folder of src/ that this script lists');
    return;
  }
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      const target = /^(?:import|export)\b.*?from '(\.[^']+)'|^import '(\.[^']+)'|^\} from '(\.[^']+)'/.exec(
        line,
      );
      if (target)
        checkImport(file, index + 1, room, resolve(dirname(file), (target[1] ?? target[2] ?? target[3])!));
    });
}

function checkImport(file: string, line: number, room: string, target: string): void {
  const targetRoom = roomOf(target);
  const entrance = target.endsWith(`${sep}index.ts`);
  if (targetRoom === undefined || targetRoom === room) {
    if (entrance && dirname(target) === join(source, room))
      problem(file, line, 'a room never imports its own index.ts');
    return;
  }
  if (file.endsWith('.test.ts')) return;
  const allowed = ONLY[room] ?? ROOMS.slice(0, ROOMS.indexOf(room as (typeof ROOMS)[number]));
  if (!(allowed as readonly string[]).includes(targetRoom))
    problem(file, line, `${room} must not import ${targetRoom}`);
  if (!entrance)
    problem(file, line, `imports ${relative(root, target)}; other rooms import only an index.ts`);
}

function roomOf(file: string): string | undefined {
  const [first, ...rest] = relative(source, file).split(sep);
  return first === undefined || first === '..' || rest.length === 0 ? undefined : first;
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}

function problem(file: string, line: number, text: string): void {
  problems.push(`${relative(root, file)}:${line}: ${text}`);
}
