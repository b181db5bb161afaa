/** `mailroot service install | remove | status`: a systemd unit; on Windows a task at boot, or a service through a wrapper. */
import { existsSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve, win32 } from 'node:path';
import { RelayError, toRelayError } from '../base/index.ts';
import {
  type Machine,
  readSystemdState,
  readWindowsState,
  SERVICE_NAME,
  type ServiceOptions,
  type ServiceState,
  systemdUnit,
  TASK_NAME,
  taskPlan,
  thisMachine,
  WINDOWS_REMOVE,
  type WindowsPlan,
  wrapperPlan,
} from '../doctor/index.ts';
import {
  askService,
  type Command,
  EXIT,
  findConfig,
  type Invocation,
  type Option,
  output,
  print,
  text,
  UsageError,
} from './command.ts';

const UNIT_FOLDER = '/etc/systemd/system';

const UNIT_FOLDER_OPTION: Option = {
  type: 'string',
  value: 'DIR',
  doc: `Where units lie, on Windows the file of the task. Default: ${UNIT_FOLDER}, %ProgramData%\\Mailroot.`,
};

/** `machine` runs the commands; a test holds another one. */
export function serviceCommands(machine: Machine = thisMachine): readonly Command[] {
  const isWindows = machine.platform === 'win32';
  const install: Command = {
    name: 'service install',
    summary: 'Install the service, started at every boot: a systemd unit, or on Windows a task or a service.',
    details: [
      'On Windows a task starts it at boot; it is stopped with `mailroot stop`. For a service among the others, get the wrapper',
      'WinSW (MIT licence, github.com/winsw/winsw), name it C:\\Mailroot\\mailroot-service.exe or as you like, and give it here:',
      'its settings are written beside it.',
      '',
      '  mailroot service install --wrapper C:\\Mailroot\\mailroot-service.exe',
    ].join('\n'),
    options: {
      user: {
        type: 'string',
        value: 'NAME',
        doc: 'The user that it runs as; on Windows also NetworkService. Default: root, LocalSystem.',
      },
      print: { type: 'boolean', doc: 'Print the files and commands; change nothing.' },
      wrapper: { type: 'string', value: 'FILE', doc: 'Windows: make a service with this WinSW program.' },
      'unit-folder': UNIT_FOLDER_OPTION,
    },
    async run(invocation) {
      const options = serviceOptions(invocation);
      return isWindows
        ? installWindows(invocation, machine, options)
        : installUnit(invocation, machine, options);
    },
  };
  const remove: Command = {
    name: 'service remove',
    summary: 'Stop and remove the service. Mail and configuration stay.',
    options: { 'unit-folder': UNIT_FOLDER_OPTION },
    async run(invocation) {
      if (isWindows) await removeWindows(invocation, machine);
      else removeUnit(invocation, machine);
      output(invocation, { removed: true }, () => 'The service is removed.');
      return EXIT.done;
    },
  };
  const status: Command = {
    name: 'service status',
    summary: 'Tell whether the service is installed, starts at boot, and runs.',
    options: {},
    async run(invocation) {
      const state = isWindows ? await windowsState(invocation, machine) : systemdState(machine);
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
  return [install, remove, status];
}

function installUnit(invocation: Invocation, machine: Machine, options: ServiceOptions): number {
  if (invocation.values['print'] === true) {
    print(invocation.io, systemdUnit(options).trimEnd());
    return EXIT.done;
  }
  const unit = unitFile(invocation);
  write(unit, Buffer.from(systemdUnit(options)), 'run this as root');
  must(machine, ['systemctl', 'daemon-reload']);
  must(machine, ['systemctl', 'enable', SERVICE_NAME]);
  return installed(invocation, 'systemctl start mailroot');
}

function removeUnit(invocation: Invocation, machine: Machine): void {
  const unit = unitFile(invocation);
  if (!existsSync(unit))
    throw new RelayError('not-found', `There is no ${unit}: the service is not installed.`);
  machine.run('systemctl', ['disable', '--now', SERVICE_NAME]);
  try {
    unlinkSync(unit);
  } catch (thrown) {
    throw toRelayError(thrown, `removing ${unit} (run this as root)`);
  }
  machine.run('systemctl', ['daemon-reload']);
}

function systemdState(machine: Machine): ServiceState {
  const facts = 'LoadState,UnitFileState,ActiveState,SubState';
  return readSystemdState(machine.run('systemctl', ['show', SERVICE_NAME, '-p', facts]).stdout);
}

function installWindows(invocation: Invocation, machine: Machine, options: ServiceOptions): number {
  const wrapper = text(invocation, 'wrapper');
  let plan: WindowsPlan;
  if (wrapper === undefined) {
    const data = invocation.io.environment['ProgramData'] ?? 'C:\\ProgramData';
    plan = taskPlan(options, text(invocation, 'unit-folder') ?? win32.join(data, 'Mailroot'));
  } else {
    if (!/\.exe$/i.test(wrapper)) throw new UsageError(`--wrapper ${wrapper}: a program (.exe) is expected`);
    if (!existsSync(wrapper))
      throw new RelayError(
        'not-found',
        `There is no ${wrapper}. Get WinSW from github.com/winsw/winsw first.`,
      );
    plan = wrapperPlan(options, wrapper);
  }
  const { file, commands, start } = plan;
  if (invocation.values['print'] === true) {
    const content = file.bytes.toString(wrapper === undefined ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
    print(invocation.io, `${file.path}:\n\n${content}`);
    for (const command of commands) print(invocation.io, command.join(' '));
    return EXIT.done;
  }
  const asWhom = 'run this as an administrator';
  try {
    mkdirSync(win32.dirname(file.path), { recursive: true });
  } catch (thrown) {
    throw toRelayError(thrown, `creating the folder of ${file.path} (${asWhom})`);
  }
  write(file.path, file.bytes, asWhom);
  for (const command of commands) must(machine, command);
  return installed(invocation, start);
}

/** A task is ended hard, so the service is asked first. */
async function removeWindows(invocation: Invocation, machine: Machine): Promise<void> {
  await askService(invocation)
    .then(async (service) => {
      await service.ask('stop', {});
      service.close();
    })
    .catch(() => {
      // Nobody runs, or nobody answers us.
    });
  const results = WINDOWS_REMOVE.map(([program, ...args]) => machine.run(program!, args));
  const [, service, , task] = results;
  if (service!.code !== 0 && task!.code !== 0)
    throw new RelayError(
      'not-found',
      `Neither the service ${SERVICE_NAME} nor the task ${TASK_NAME} could be removed (run this as an administrator): ${(task!.stderr || service!.stdout).trim()}`,
    );
}

async function windowsState(invocation: Invocation, machine: Machine): Promise<ServiceState> {
  const said = (program: string, ...args: string[]): string => {
    const { code, stdout } = machine.run(program, args);
    return code === 0 ? stdout : '';
  };
  const answers = {
    query: said('sc.exe', 'query', SERVICE_NAME),
    settings: said('sc.exe', 'qc', SERVICE_NAME),
    task: said('schtasks.exe', '/Query', '/TN', TASK_NAME, '/XML'),
  };
  const runs = await askService(invocation).then(
    (service) => {
      service.close();
      return true;
    },
    () => false,
  );
  return readWindowsState(answers, runs);
}

function installed(invocation: Invocation, start: string): number {
  output(
    invocation,
    { installed: true, start },
    () => `The service is installed and starts at boot. Start it now: ${start}`,
  );
  return EXIT.done;
}

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

function write(path: string, bytes: Buffer, who: string): void {
  try {
    writeFileSync(path, bytes, { mode: 0o644 });
  } catch (thrown) {
    throw toRelayError(thrown, `writing ${path} (${who})`);
  }
}

function must(machine: Machine, [program, ...args]: readonly string[]): void {
  const { code, stderr, stdout } = machine.run(program!, args);
  if (code === 0) return;
  throw new RelayError(
    'refused',
    `${program} ${args.join(' ')} failed with ${code}: ${(stderr || stdout).trim()}`,
  );
}
