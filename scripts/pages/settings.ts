/** docs/settings.md and docs/mailroot.schema.json, from the settings table. */
import { jsonSchema, referencePage } from '../../src/config/index.ts';
import type { GeneratedPage } from '../generate.ts';

export function generate(): GeneratedPage[] {
  return [
    { path: 'docs/settings.md', text: referencePage() },
    { path: 'docs/mailroot.schema.json', text: `${JSON.stringify(jsonSchema(), null, 2)}\n` },
  ];
}
