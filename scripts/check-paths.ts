/** Proves that every file of this repository that the documentation names exists. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let missing = 0;
for (const page of ['README.md', 'ARCHITECTURE.md', ...globSync('docs/**/*.md', { cwd: root })]) {
  if (!existsSync(join(root, page))) continue;
  readFileSync(join(root, page), 'utf8')
    .split('\n')
    .forEach((line, index) => {
      for (const [, path] of line.matchAll(
        /`((?:src|test|bench|scripts|docs|bin|examples)\/[\w./-]+\.\w+)`/g,
      )) {
        if (existsSync(join(root, path!))) continue;
        console.error(`${page}:${index + 1}: names ${path}, which does not exist`);
        missing += 1;
      }
    });
}
process.exit(missing === 0 ? 0 : 1);
