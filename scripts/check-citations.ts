/**
 * Proves that every RFC and KB article cited in the sources is listed in docs/standards.md.
 * `--write` prints the reverse list, RFC and section → files, for the curious.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const standards = readFileSync(join(root, 'docs/standards.md'), 'utf8');
const listed = new Set([...standards.matchAll(/^\| (RFC \d+|KB \d+) \|/gm)].map((match) => match[1]!));

const cited = new Map<string, Set<string>>();
for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
  if (!entry.name.endsWith('.ts')) continue;
  const path = join(entry.parentPath, entry.name);
  for (const match of readFileSync(path, 'utf8').matchAll(/\b(RFC|KB) (\d{3,6})\b(?: §([\d.]+\d|\d))?/g)) {
    const key = `${match[1]} ${match[2]}${match[3] ? ` §${match[3]}` : ''}`;
    if (!cited.has(key)) cited.set(key, new Set());
    cited.get(key)!.add(relative(root, path));
  }
}

if (process.argv.includes('--write')) {
  for (const [key, files] of [...cited].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
    console.log(`${key}: ${[...files].sort().join(', ')}`);
  }
}
const unlisted = [...cited].filter(([key]) => !listed.has(key.split(' §')[0]!));
for (const [key, files] of unlisted)
  console.error(`${[...files][0]}: cites ${key}, which docs/standards.md does not list`);
process.exit(unlisted.length > 0 ? 1 : 0);
