/** `mailroot service install | remove | status`: a systemd unit, or a Windows service. */
import { existsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RelayError, toRelayError } from '../base/index.ts';
import {
  type Machine,
  readSystemdState,
  readWindowsState,
  SERVICE_NAME,
  type ServiceOptions,
  systemdUnit,
  thisMachine,
  WINDOWS_REMOVE,
  windowsInstall,
} from '../doctor/index.ts';
import {
  type Command,
  EXIT,
  findConfig,
  type Invocation,
  output,
  print,
  text,
  UsageError,
} from './command.ts';

const UNIT_FOLDER = '/etc/systemd/system';

const install: Command = {
  name: 'service install',
  summary: 'Install the service, started at every boot: a systemd unit, or a Windows service.',
  options: {
    user: { type: 'string', value: 'NAME', doc: 'The user that it runs as.' },
    print: { type: 'boolean', doc: 'Print the unit, or the commands for Windows; change nothing.' },
    'unit-folder': { type: 'string', value: 'DIR', doc: `Where units lie. Default: ${UNIT_FOLDER}.` },
  },
  async run(invocation) {
    const options = serviceOptions(invocation);
    const isWindows = thisMachine.platform === 'win32';
    if (invocation.values['print'] === true) {
      print(
        invocation.io,
        isWindows
          ? windowsInstall(options)
              .map((args) => `sc.exe ${args.join(' ')}`)
              .join('\n')
          : systemdUnit(options).trimEnd(),
      );
      return EXIT.done;
    }
    if (isWindows) for (const args of windowsInstall(options)) must(thisMachine, 'sc.exe', args);
    else {
      const unit = unitFile(invocation);
      try {
        writeFileSync(unit, systemdUnit(options), { mode: 0o644 });
      } catch (thrown) {
        throw toRelayError(thrown, `writing ${unit} (run this as root)`);
      }
      must(thisMachine, 'systemctl', ['daemon-reload']);
      must(thisMachine, 'systemctl', ['enable', SERVICE_NAME]);
    }
    output(
      invocation,
      { installed: true },
      () =>
        `The service is installed and starts at boot. Start it now: ${isWindows ? 'sc.exe start mailroot' : 'systemctl start mailroot'}`,
    );
    return EXIT.done;
  },
};

const remove: Command = {
  name: 'service remove',
  summary: 'Stop and remove the service. Mail and configuration stay.',
  options: { 'unit-folder': install.options['unit-folder']! },
  async run(invocation) {
    if (thisMachine.platform === 'win32') for (const args of WINDOWS_REMOVE) thisMachine.run('sc.exe', args);
    else {
      const unit = unitFile(invocation);
      if (!existsSync(unit))
        throw new RelayError('not-found', `There is no ${unit}: the service is not installed.`);
      thisMachine.run('systemctl', ['disable', '--now', SERVICE_NAME]);
      try {
        unlinkSync(unit);
      } catch (thrown) {
        throw toRelayError(thrown, `removing ${unit} (run this as root)`);
      }
      thisMachine.run('systemctl', ['daemon-reload']);
    }
    output(invocation, { removed: true }, () => 'The service is removed.');
    return EXIT.done;
  },
};

const status: Command = {
  name: 'service status',
  summary: 'Tell whether the service is installed, starts at boot, and runs.',
  options: {},
  async run(invocation) {
    const state =
      thisMachine.platform === 'win32'
        ? readWindowsState(
            thisMachine.run('sc.exe', ['query', SERVICE_NAME]).stdout,
            thisMachine.run('sc.exe', ['qc', SERVICE_NAME]).stdout,
          )
        : readSystemdState(
            thisMachine.run('systemctl', [
              'show',
              SERVICE_NAME,
              '-p',
              'LoadState,UnitFileState,ActiveState,SubState',
            ]).stdout,
          );
    const yes = (fact: boolean): string => (fact ? 'yes' : 'no');
    output(
      invocation,
      state,
      () =>
        `installed: ${yes(state.isInstalled)}\nat boot:   ${yes(state.isEnabled)}\nrunning:   ${yes(state.isRunning)}, ${state.detail}`,
    );
    return state.isRunning ? EXIT.done : EXIT.notRunning;
  },
};

export const serviceCommands: readonly Command[] = [install, remove, status];

function serviceOptions(invocation: Invocation): ServiceOptions {
  const script = process.argv[1];
  if (script === undefined) throw new UsageError('the path of this program is not known');
  const mailroot = text(invocation, 'mailroot');
  const user = text(invocation, 'user');
  const { file } = findConfig(invocation);
  return {
    program: [process.execPath, resolve(script)],
    ...(file !== undefined && { configFile: file }),
    // Without a file everything lies below a folder, which must not depend on where the service starts.
    ...(file === undefined || mailroot !== undefined
      ? { mailroot: resolve(invocation.io.folder, mailroot ?? 'mailroot') }
      : {}),
    ...(user !== undefined && { user }),
  };
}

function unitFile(invocation: Invocation): string {
  return join(
    resolve(invocation.io.folder, text(invocation, 'unit-folder') ?? UNIT_FOLDER),
    `${SERVICE_NAME}.service`,
  );
}

function must(machine: Machine, program: string, args: readonly string[]): void {
  const { code, stderr, stdout } = machine.run(program, args);
  if (code === 0) return;
  throw new RelayError(
    'refused',
    `${program} ${args.join(' ')} failed with ${code}: ${(stderr || stdout).trim()}`,
  );
}
