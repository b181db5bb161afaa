/** `mailroot version`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, EXIT, output } from './command.ts';

/** The version in package.json, which lies beside src/ and dist/ alike. */
export function packageVersion(): string {
  const file = join(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the versions of Mailroot and Node.js.',
  options: {},
  async run(invocation) {
    const versions = { mailroot: packageVersion(), node: process.versions.node, platform: process.platform };
    output(
      invocation,
      versions,
      () => `mailroot ${versions.mailroot} (Node.js ${versions.node}, ${versions.platform})`,
    );
    return EXIT.done;
  },
};
