/**
 * The service for systemd, as text and commands.
 * Owns: the unit's text, what the service is started with.  Leaves: running commands (cli/service.ts), so that all can be tested
 * anywhere; Windows (windows-service.ts).
 * Sources: doc "systemd.service", doc "systemd.exec".
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

/** The whole command line: program, command, options. */
export function startArguments(
  { program, configFile, mailroot }: ServiceOptions,
  command: 'start' | 'stop' = 'start',
): string[] {
  return [
    ...program,
    command,
    ...(command === 'start' ? ['--quiet'] : []),
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

/** What the service manager says, in our words. */
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
