/**
 * The service: installed, started at boot, running, with its ports, the right time and enough open files.
 * Owns: who holds a port that is taken.  Leaves: installing (service-unit.ts).
 * Sources: KB 228475 (event 115: the port is in use); doc "CDO migration checklist for IIS 7" (the service is not started).
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { SocketAddress } from '../config/index.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { foldersOf, mailrootsOf } from './folders.ts';
import type { Machine } from './machine.ts';
import { SERVICE_NAME } from './service-unit.ts';
import { readWindowsState, TASK_NAME } from './windows-service.ts';

const FEW_OPEN_FILES = 4096;
const CLOCK_SLACK_MS = 5 * 60_000;
/** The day this check was written: no clock that is right shows less. */
const NOT_BEFORE = Date.UTC(2026, 0, 1);

export const serviceCheck: Check = {
  group: 'service',
  async run(context) {
    return [
      ...running(context),
      ...boot(context),
      ...(await ports(context)),
      ...openFiles(context),
      ...clock(context),
    ];
  },
};

function running({ status, servers }: DoctorContext): Finding[] {
  if (status !== undefined) return [];
  return [
    {
      id: 'service.not-running',
      severity: 'error',
      seen: `no service runs with the mailroot ${servers[0]!.mailroot}`,
      why: 'Mail is neither accepted nor sent; files stay in Pickup.',
      cure: 'systemctl start mailroot, or: mailroot start',
      source: 'doc "CDO migration checklist for IIS 7"',
    },
  ];
}

function boot({ machine, status }: DoctorContext): Finding[] {
  if (machine.platform === 'win32') return bootWindows(machine, status !== undefined);
  if (machine.platform !== 'linux') return [];
  const { code, stdout, stderr } = machine.run('systemctl', ['is-enabled', 'mailroot.service']);
  // A machine without systemd has other ways, which are not known here.
  if (code === 127 || /not been booted with systemd|Failed to connect to bus/i.test(stderr)) return [];
  if (code === 0) return [];
  const state = stdout.trim();
  const isMissing = state === '' || state === 'not-found';
  return [
    {
      id: isMissing ? 'service.not-installed' : 'service.not-enabled',
      severity: 'warning',
      seen: isMissing ? 'there is no service mailroot.service' : `mailroot.service is ${state}`,
      why: 'After the next start of the machine no mail moves.',
      cure: isMissing ? 'mailroot service install' : 'systemctl enable mailroot',
      source: 'doc "CDO migration checklist for IIS 7"',
      ...(!isMissing && machine.isRoot && { fix: enabling(machine, ['systemctl', 'enable', SERVICE_NAME]) }),
    },
  ];
}

/** A command as a mending. */
function enabling(machine: Machine, [program, ...args]: readonly string[]): NonNullable<Finding['fix']> {
  return {
    what: [program, ...args].join(' '),
    run: async () => {
      const result = machine.run(program!, args);
      if (result.code !== 0) throw new Error((result.stderr || result.stdout).trim());
    },
  };
}

function bootWindows(machine: Machine, runs: boolean): Finding[] {
  const said = (program: string, ...args: string[]): string => {
    const { code, stdout } = machine.run(program, args);
    return code === 0 ? stdout : '';
  };
  const { isInstalled, isEnabled, detail } = readWindowsState(
    {
      query: said('sc.exe', 'query', SERVICE_NAME),
      settings: said('sc.exe', 'qc', SERVICE_NAME),
      task: said('schtasks.exe', '/Query', '/TN', TASK_NAME, '/XML'),
    },
    runs,
  );
  if (isInstalled && isEnabled) return [];
  const enable = detail.startsWith('service')
    ? ['sc.exe', 'config', SERVICE_NAME, 'start=', 'delayed-auto']
    : ['schtasks.exe', '/Change', '/TN', TASK_NAME, '/ENABLE'];
  return [
    {
      id: isInstalled ? 'service.not-enabled' : 'service.not-installed',
      severity: 'warning',
      seen: isInstalled
        ? `the ${detail} does not start at boot`
        : `there is neither a service ${SERVICE_NAME} nor a task ${TASK_NAME}`,
      why: 'After the next start of the machine no mail moves.',
      cure: isInstalled ? enable.join(' ') : 'mailroot service install',
      source: 'doc "CDO migration checklist for IIS 7"',
      ...(isInstalled && { fix: enabling(machine, enable) }),
    },
  ];
}

async function ports(context: DoctorContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  const listening = new Set(context.status?.servers.flatMap((server) => server.listening) ?? []);
  for (const server of context.servers) {
    for (const { address } of server.listen) {
      const written = address.address.includes(':')
        ? `[${address.address}]:${address.port}`
        : `${address.address}:${address.port}`;
      if (listening.has(written) || address.port === 0) continue;
      const failure = await context.machine.tryPort(address.address, address.port);
      if (failure === undefined) {
        if (context.status !== undefined) {
          findings.push({
            id: 'service.not-listening',
            severity: 'error',
            seen: `the running service does not listen on ${written}, which the configuration names`,
            why: 'It was started with another configuration.',
            cure: 'mailroot reload, or start the service again',
            source: 'docs/doctor.md',
          });
        }
        continue;
      }
      findings.push(portFinding(written, address, failure));
    }
  }
  return findings;
}

function portFinding(written: string, address: SocketAddress, failure: string): Finding {
  if (failure === 'EADDRINUSE') {
    const holder = whoListens(address);
    return {
      id: 'service.port-taken',
      severity: 'error',
      seen: `${written} is taken${holder === undefined ? ' by another program' : ` by ${holder}`}`,
      why: 'The service cannot start, or runs without this address (event 115).',
      cure:
        holder === undefined
          ? `Find it as root with: ss -ltnp 'sport = :${address.port}'; stop it, or change listen.`
          : `Stop ${holder}, or change listen.`,
      source: 'KB 228475',
    };
  }
  if (failure === 'EACCES') {
    return {
      id: 'service.port-forbidden',
      severity: 'error',
      seen: `this user may not listen on ${written}`,
      why: 'Ports below 1024 need a right of their own.',
      cure: 'mailroot service install (the unit grants it), or once: setcap cap_net_bind_service=+ep $(readlink -f $(which node))',
      source: 'docs/doctor.md',
    };
  }
  return {
    id: 'service.no-such-address',
    severity: 'error',
    seen: `this machine has no address ${address.address} (${failure})`,
    why: 'The service cannot listen on an address that the machine does not have.',
    cure: 'Correct listen; 127.0.0.1 and [::1] always exist.',
    source: 'docs/doctor.md',
  };
}

/** `master (process 812)`, from /proc; undefined when it cannot be told (another user's process, another system). */
export function whoListens({ port }: SocketAddress): string | undefined {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
        const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
        // 0A is LISTEN.
        if (state === '0A' && Number.parseInt(local?.split(':')[1] ?? '', 16) === port && inode !== undefined)
          inodes.add(`socket:[${inode}]`);
      }
    } catch {
      return undefined;
    }
  }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const handle of readdirSync(`/proc/${pid}/fd`)) {
        if (!inodes.has(readlinkSync(`/proc/${pid}/fd/${handle}`))) continue;
        return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
      }
    } catch {
      // Another user's process, or one that ended meanwhile.
    }
  }
  return undefined;
}

function openFiles({ status }: DoctorContext): Finding[] {
  if (status === undefined) return [];
  try {
    const limits = readFileSync(`/proc/${status.pid}/limits`, 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    if (soft === undefined || Number(soft) >= FEW_OPEN_FILES) return [];
    return [
      {
        id: 'service.open-files',
        severity: 'warning',
        seen: `the service may open ${soft} files at once`,
        why: 'Each session and each delivery needs one or two; above that connections are refused.',
        cure: `Set LimitNOFILE=65536 in the unit (mailroot service install does), or start it with: ulimit -n 65536`,
        source: 'docs/doctor.md',
      },
    ];
  } catch {
    return [];
  }
}

function clock(context: DoctorContext): Finding[] {
  const now = context.clock.now();
  const cure = 'Set the clock, and let it be kept: timedatectl set-ntp true';
  if (now < NOT_BEFORE) {
    return [
      {
        id: 'service.clock',
        severity: 'error',
        seen: `the clock of this machine shows ${new Date(now).toISOString()}`,
        why: 'Dates of messages are wrong, certificates are not valid, retry times never come.',
        cure,
        source: 'RFC 5322 §3.6.1',
      },
    ];
  }
  for (const server of mailrootsOf(context.servers)) {
    for (const folder of Object.values(foldersOf(server))) {
      const changed = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (changed <= now + CLOCK_SLACK_MS) continue;
      return [
        {
          id: 'service.clock',
          severity: 'warning',
          seen: `${folder} was changed at ${new Date(changed).toISOString()}, and the clock shows ${new Date(now).toISOString()}`,
          why: 'The clock was set back, or is wrong: mail waits for times that come late.',
          cure,
          source: 'RFC 5322 §3.6.1',
        },
      ];
    }
  }
  return [];
}
