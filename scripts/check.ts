/**
 * The gate: format, lint, types, import order, citations, generated pages, tests. `npm run check`.
 * Each step is a program of its own; the first failure ends the run with its output and a non-zero exit code.
 * `--static` leaves the tests out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules');

type Step = { readonly name: string; readonly script: string; readonly args: readonly string[] };

const staticSteps: readonly Step[] = [
  {
    name: 'format and lint',
    script: join(binaries, '@biomejs/biome/bin/biome'),
    args: ['ci', '--error-on-warnings', '--colors=off'],
  },
  { name: 'types', script: join(binaries, 'typescript/bin/tsc'), args: ['-p', root] },
  { name: 'import order between rooms', script: join(root, 'scripts/check-rooms.ts'), args: [] },
  { name: 'citations', script: join(root, 'scripts/check-citations.ts'), args: [] },
  { name: 'files named in the documentation', script: join(root, 'scripts/check-paths.ts'), args: [] },
  { name: 'generated pages', script: join(root, 'scripts/generate.ts'), args: ['--check'] },
];
const tests: Step = {
  name: 'tests',
  script: join(root, 'scripts/test.ts'),
  args: process.argv.filter((argument) => argument === '--install'),
};

const steps = process.argv.includes('--static') ? staticSteps : [...staticSteps, tests];
for (const step of steps) {
  if (!existsSync(step.script)) throw new Error(`check: the step '${step.name}' is missing: ${step.script}`);
  console.log(`── ${step.name}`);
  const { status } = spawnSync(process.execPath, [step.script, ...step.args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`check: '${step.name}' failed.`);
    process.exit(1);
  }
}
