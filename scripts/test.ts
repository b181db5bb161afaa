/**
 * Runs the tests: `node scripts/test.ts [FILE …]`. Without files: every `*.test.ts` under src/ and test/.
 * Real peers come from Debian packages; `--install` installs the missing ones where it may (root and apt).
 */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPeers } from './peers.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const files = args.filter((argument) => !argument.startsWith('--'));

installPeers({ mayInstall: args.includes('--install') });

const { status } = spawnSync(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=2',
    '--test-timeout=300000',
    '--test-reporter=dot',
    '--test-reporter-destination=stdout',
    '--test-reporter=spec',
    '--test-reporter-destination=.test/report.txt',
    ...(files.length > 0 ? files : ['src/**/*.test.ts', 'test/**/*.test.ts']),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
