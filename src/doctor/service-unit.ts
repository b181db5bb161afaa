/**
 * The service for systemd and for Windows, as text and commands.
 * Owns: the unit's text, the arguments of sc.exe.  Leaves: running them (cli/service.ts), so that both can be tested anywhere.
 * Sources: doc "systemd.service", doc "systemd.exec"; doc "sc.exe create" (delayed start, because DNS is late after a boot).
 */

export type ServiceOptions = {
  /** The program and its first arguments: node and the script. Absolute. */
  readonly program: readonly string[];
  readonly configFile?: string;
  readonly mailroot?: string;
  /** The user that the service runs as; absent: root (systemd) or LocalSystem (Windows). */
  readonly user?: string;
};

export const SERVICE_NAME = 'mailroot';

function startArguments({ program, configFile, mailroot }: ServiceOptions): string[] {
  return [
    ...program,
    'start',
    '--quiet',
    ...(configFile === undefined ? [] : ['--config', configFile]),
    ...(mailroot === undefined ? [] : ['--mailroot', mailroot]),
  ];
}

/** The text of mailroot.service. */
export function systemdUnit(options: ServiceOptions): string {
  const { user, mailroot } = options;
  return [
    '[Unit]',
    'Description=Mailroot SMTP service',
    // The old service failed to find hosts when it started before the network: its cure was a delayed start.
    'Wants=network-online.target',
    'After=network-online.target nss-lookup.target',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${startArguments(options).map(systemdWord).join(' ')}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    ...(user === undefined ? [] : [`User=${user}`]),
    'Restart=on-failure',
    'RestartSec=5',
    'TimeoutStopSec=60',
    'LimitNOFILE=65536',
    // Port 25 without being root.
    'AmbientCapabilities=CAP_NET_BIND_SERVICE',
    'NoNewPrivileges=true',
    'ProtectSystem=full',
    ...(mailroot === undefined ? [] : [`ReadWritePaths=${systemdWord(mailroot)}`]),
    'PrivateTmp=false',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** A word of ExecStart: quoted where blanks or quotes stand in it; % and $ doubled. */
function systemdWord(text: string): string {
  const escaped = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /[\s"'\\;]/.test(escaped) ? `"${escaped.replace(/["\\]/g, '\\$&')}"` : escaped;
}

/** The calls of sc.exe that install the service on Windows. */
export function windowsInstall(options: ServiceOptions): readonly (readonly string[])[] {
  const line = startArguments(options).map(windowsWord).join(' ');
  return [
    [
      'create',
      SERVICE_NAME,
      'binPath=',
      line,
      'start=',
      'delayed-auto',
      'DisplayName=',
      'Mailroot SMTP service',
      ...(options.user === undefined ? [] : ['obj=', options.user]),
    ],
    ['description', SERVICE_NAME, 'Takes mail from the Pickup folder and by SMTP, and delivers it.'],
    ['failure', SERVICE_NAME, 'reset=', '86400', 'actions=', 'restart/5000/restart/5000/restart/60000'],
  ];
}

export const WINDOWS_REMOVE: readonly (readonly string[])[] = [
  ['stop', SERVICE_NAME],
  ['delete', SERVICE_NAME],
];

/** A word of a Windows command line, as CommandLineToArgvW takes it apart. */
export function windowsWord(text: string): string {
  if (text !== '' && !/[\s"]/.test(text)) return text;
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** What `sc query` or `systemctl show` say, in our words. */
export type ServiceState = {
  readonly isInstalled: boolean;
  readonly isEnabled: boolean;
  readonly isRunning: boolean;
  readonly detail: string;
};

/** Reads `systemctl show -p LoadState,UnitFileState,ActiveState,SubState`. */
export function readSystemdState(text: string): ServiceState {
  const values = new Map(
    text
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()] as const),
  );
  const active = values.get('ActiveState') ?? 'unknown';
  return {
    isInstalled: values.get('LoadState') === 'loaded',
    isEnabled: values.get('UnitFileState') === 'enabled',
    isRunning: active === 'active',
    detail: `${active} (${values.get('SubState') ?? ''})`,
  };
}

/** Reads `sc query mailroot` and `sc qc mailroot`. */
export function readWindowsState(query: string, settings: string): ServiceState {
  const state = /^\s*STATE\s*:\s*\d+\s+(\w+)/m.exec(query)?.[1];
  return {
    isInstalled: state !== undefined,
    isEnabled: /START_TYPE\s*:\s*2\b/.test(settings),
    isRunning: state === 'RUNNING',
    detail: state ?? 'not installed',
  };
}
