/**
 * The service on Windows, as texts and commands.
 * Owns: the task that starts it at boot, the settings of a service wrapper, the commands for both, reading their state.
 * Leaves: running them (cli/service.ts), so that all of it can be tested anywhere.
 * Node does not speak the protocol of the service control manager, so `sc.exe create` with node.exe would be ended after 30
 * seconds (error 1053). Decision 0442: a task at boot without anything else, or a real service through WinSW.
 * Sources: doc "Task Scheduler schema"; doc "schtasks"; doc "WinSW XML configuration"; doc "sc.exe".
 */
import { SERVICE_NAME, type ServiceOptions, type ServiceState, startArguments } from './service-unit.ts';

/** The name of the task. */
export const TASK_NAME = 'Mailroot';

/** Accounts that exist on every Windows and need no password. */
const KNOWN_ACCOUNTS: Readonly<Record<string, string>> = {
  localsystem: 'S-1-5-18',
  system: 'S-1-5-18',
  localservice: 'S-1-5-19',
  networkservice: 'S-1-5-20',
};

/** A file that a command needs, and the commands in their order. */
export type WindowsPlan = {
  readonly file: { readonly path: string; readonly bytes: Buffer };
  readonly commands: readonly (readonly string[])[];
  /** Starts it now. */
  readonly start: string;
};

/** A task that starts the service at boot, whoever is logged on, and again when it fails. `folder` takes its file. */
export function taskPlan(options: ServiceOptions, folder: string): WindowsPlan {
  const path = `${folder}\\mailroot-task.xml`;
  return {
    // The scheduler reads its XML in UTF-16 with a byte order mark.
    file: { path, bytes: Buffer.from(`\ufeff${taskXml(options)}`, 'utf16le') },
    commands: [['schtasks.exe', '/Create', '/TN', TASK_NAME, '/XML', path, '/F']],
    start: `schtasks.exe /Run /TN ${TASK_NAME}`,
  };
}

/** A service of its own through the wrapper at `wrapper`, which reads the XML file of its own name beside it. */
export function wrapperPlan(options: ServiceOptions, wrapper: string): WindowsPlan {
  return {
    file: {
      path: wrapper.replace(/\.exe$/i, '.xml'),
      bytes: Buffer.from(wrapperXml(options)),
    },
    commands: [[wrapper, 'install']],
    start: `sc.exe start ${SERVICE_NAME}`,
  };
}

/** Both ways are taken away; one that was never there answers with an error that says nothing. */
export const WINDOWS_REMOVE: readonly (readonly string[])[] = [
  ['sc.exe', 'stop', SERVICE_NAME],
  ['sc.exe', 'delete', SERVICE_NAME],
  ['schtasks.exe', '/End', '/TN', TASK_NAME],
  ['schtasks.exe', '/Delete', '/TN', TASK_NAME, '/F'],
];

function taskXml(options: ServiceOptions): string {
  const [program, ...args] = startArguments(options);
  const account = KNOWN_ACCOUNTS[(options.user ?? 'LocalSystem').toLowerCase()];
  const principal =
    account === undefined
      ? `<UserId>${xml(options.user!)}</UserId>\n      <LogonType>S4U</LogonType>`
      : `<UserId>${account}</UserId>`;
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Mailroot SMTP service: takes mail from the Pickup folder and by SMTP, and delivers it.</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
      <Delay>PT30S</Delay>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      ${principal}
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(program!)}</Command>
      <Arguments>${xml(args.map(windowsWord).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

function wrapperXml(options: ServiceOptions): string {
  const [program, ...args] = startArguments(options);
  const stop = startArguments(options, 'stop').slice(1);
  const account =
    options.user === undefined
      ? ''
      : `\n  <serviceaccount>\n    <username>${xml(options.user)}</username>\n    <allowservicelogon>true</allowservicelogon>\n  </serviceaccount>`;
  return `<service>
  <id>${SERVICE_NAME}</id>
  <name>Mailroot SMTP service</name>
  <description>Takes mail from the Pickup folder and by SMTP, and delivers it.</description>
  <executable>${xml(program!)}</executable>
  <startarguments>${xml(args.map(windowsWord).join(' '))}</startarguments>
  <stopexecutable>${xml(program!)}</stopexecutable>
  <stoparguments>${xml(stop.map(windowsWord).join(' '))}</stoparguments>
  <stoptimeout>60 sec</stoptimeout>
  <startmode>Automatic</startmode>
  <delayedAutoStart>true</delayedAutoStart>
  <onfailure action="restart" delay="5 sec"/>
  <onfailure action="restart" delay="60 sec"/>
  <resetfailure>1 day</resetfailure>
  <log mode="none"/>${account}
</service>
`;
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A word of a Windows command line, as CommandLineToArgvW takes it apart. */
export function windowsWord(text: string): string {
  if (text !== '' && !/[\s"]/.test(text)) return text;
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** What `sc.exe query`, `sc.exe qc` and `schtasks.exe /Query /XML` print; empty where the command failed. */
export type WindowsAnswers = { readonly query: string; readonly settings: string; readonly task: string };

/**
 * In which of the two ways it is installed. Whether a task runs is told in the language of the machine, so it is asked of
 * the service itself: `answers` says whether it does.
 */
export function readWindowsState({ query, settings, task }: WindowsAnswers, answers: boolean): ServiceState {
  const state = /^\s*STATE\s*:\s*\d+\s+(\w+)/m.exec(query)?.[1];
  if (state !== undefined) {
    return {
      isInstalled: true,
      isEnabled: /START_TYPE\s*:\s*2\b/.test(settings),
      isRunning: state === 'RUNNING',
      detail: `service, ${state}`,
    };
  }
  const isTask = task.includes('<BootTrigger>');
  // The last one is that of the task; triggers have their own.
  const enabled = /<Settings>.*?<Enabled>(\w+)<\/Enabled>.*<\/Settings>/s.exec(task)?.[1];
  return {
    isInstalled: isTask,
    isEnabled: isTask && enabled !== 'false',
    isRunning: answers,
    detail: isTask ? 'task at boot' : 'not installed',
  };
}
