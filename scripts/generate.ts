/**
 * Generates what readers see and code already knows: `node scripts/generate.ts`; with `--check` demands no difference.
 * Each page is a generator of its own in scripts/pages/, which gives path and text.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A generated file: the path from the repository's root, and its whole text. */
export type GeneratedPage = { readonly path: string; readonly text: string };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'scripts/pages');
const stale: string[] = [];

for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
  const { generate } = (await import(pathToFileURL(join(folder, name)).href)) as {
    generate: () => GeneratedPage[] | Promise<GeneratedPage[]>;
  };
  for (const page of await generate()) {
    const path = join(root, page.path);
    const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    if (current === page.text) continue;
    if (process.argv.includes('--check')) stale.push(page.path);
    else writeFileSync(path, page.text);
  }
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run 'npm run generate'.`);
  process.exit(1);
}
