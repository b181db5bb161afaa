/** `mailroot config check | show | schema`. */
import { effectiveSettings, jsonSchema } from '../config/index.ts';
import {
  type Command,
  EXIT,
  findConfig,
  formatProblems,
  loadFoundConfig,
  output,
  print,
  SETTING_OPTIONS,
} from './command.ts';

export const configCommands: readonly Command[] = [
  {
    name: 'config check',
    summary: 'Check the configuration and list every mistake with its line.',
    options: SETTING_OPTIONS,
    async run(invocation) {
      const source = findConfig(invocation);
      const { warnings, servers } = loadFoundConfig(invocation, source);
      output(invocation, { ok: true, file: source.file ?? null, warnings }, () =>
        [
          ...(warnings.length > 0
            ? [formatProblems(source.file, warnings).replaceAll(/^/gm, 'warning: ')]
            : []),
          `${source.file ?? 'The built-in defaults'}: no mistakes, ${servers.length === 1 ? 'one server' : `${servers.length} servers`}.`,
        ].join('\n'),
      );
      return EXIT.done;
    },
  },
  {
    name: 'config show',
    summary: 'Print the effective settings: file, flags and defaults together; passwords masked.',
    options: SETTING_OPTIONS,
    async run(invocation) {
      const config = loadFoundConfig(invocation);
      output(invocation, config, () => effectiveSettings(config).trimEnd());
      return EXIT.done;
    },
  },
  {
    name: 'config schema',
    summary: 'Print the JSON Schema of the configuration file, for editors.',
    options: {},
    async run({ io }) {
      print(io, JSON.stringify(jsonSchema(), null, 2));
      return EXIT.done;
    },
  },
];
