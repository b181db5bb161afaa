/** `mailroot start | stop | reload`. */

import { hostname } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { SiteService } from '../asp/index.ts';
import { type Logger, nodeDisk, RelayError, systemClock } from '../base/index.ts';
import { type Config, type NamedServer, serverFolders } from '../config/index.ts';
import { type Destination, defaultLogonName, guardLogon, openDestinations } from '../events/index.ts';
import { EventLog, Relay } from '../relay/index.ts';
import {
  type Command,
  type CommandIo,
  EXIT,
  findConfig,
  formatProblems,
  type Invocation,
  loadFoundConfig,
  output,
  print,
  SETTING_OPTIONS,
  serverName,
} from './command.ts';
import { withService } from './queue.ts';
import { stopRequest } from './stop-request.ts';
import { packageVersion } from './version.ts';

export const startCommand: Command = {
  name: 'start',
  summary: 'Run the service until Ctrl-C or SIGTERM.',
  options: {
    ...SETTING_OPTIONS,
    quiet: { type: 'boolean', doc: 'Print no events, only what is needed.' },
  },
  details: [
    'Without a configuration file everything lies in the folder mailroot here, mail goes out by DNS, and SMTP is taken',
    'on loopback port 2525. SIGHUP or `mailroot reload` reads the configuration again.',
    '',
    '  mailroot start --smart-host smtp.example.com:587 --local-domain example.com',
  ].join('\n'),
  run: start,
};

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Stop the running service; transactions under way are finished.',
  options: {},
  async run(invocation) {
    await withService(invocation, (service) => service.ask('stop', {}));
    output(invocation, { ok: true }, () => 'The service stops.');
    return EXIT.done;
  },
};

export const reloadCommand: Command = {
  name: 'reload',
  summary: 'Make the running service read its configuration again.',
  options: {},
  async run(invocation) {
    const result = await withService(invocation, (service) => service.ask('reload', {}));
    output(invocation, result, () =>
      [
        ...result.warnings.map((warning) => `warning: ${warning}`),
        ...result.needRestart.map((path) => `${path}: takes effect at the next start`),
        'The new configuration is in effect; sessions go on.',
      ].join('\n'),
    );
    return EXIT.done;
  },
};

async function start(invocation: Invocation): Promise<number> {
  const { io } = invocation;
  const source = findConfig(invocation);
  const config = loadFoundConfig(invocation, source);
  if (config.warnings.length > 0) {
    io.stderr.write(`${formatProblems(source.file, config.warnings).replaceAll(/^/gm, 'WARNING: ')}\n`);
  }
  const isQuiet = invocation.values['quiet'] === true;
  const log = new EventLog({
    folder: config.process.log.folder ?? join(config.servers[0]!.mailroot, 'Log'),
    level: config.process.log.level,
    keepMs: config.process.log.keep,
    clock: systemClock,
    complain: (text) => io.stderr.write(`mailroot: ${text}\n`),
    ...(!isQuiet && { terminal: (line: string) => print(io, line) }),
  });
  let destinations: readonly Destination[] = [];
  try {
    destinations = openDestinations(
      { to: config.process.log.forward, level: config.process.log.forwardLevel, isWatched: !isQuiet },
      {
        clock: systemClock,
        trouble: (destination, reason) =>
          log.event('warn', 'log.destination-failed', { destination, reason }),
      },
    );
    log.forwardTo(destinations);
    await guardLogon(
      {
        logonOnlyAs: config.process.logonOnlyAs,
        logonName: config.process.logonName ?? defaultLogonName(hostname()),
        servers: config.servers.map((server) => {
          const { pickup, badmail } = serverFolders(server);
          return { name: server.name, pickup, badmail };
        }),
      },
      { disk: nodeDisk, clock: systemClock, log },
    );
    const relay = await startRelay({
      config,
      // The file is read again at each reload; flags stay what they were.
      loadConfig: () => loadFoundConfig(invocation),
      nameOf: serverName,
      version: packageVersion(),
      clock: systemClock,
      log,
      ...(source.file !== undefined && { configFile: source.file }),
    });
    let sites: SiteService | undefined;
    try {
      sites = await startSites(config, log, io);
    } catch (thrown) {
      await relay.stop();
      throw thrown;
    }
    // Who reads that it runs may stop it at once.
    const stopping = stopRequest(relay);
    print(io, banner(config, relay, sites));
    await stopping;
    print(io, 'Mailroot is stopping …');
    // Pages still send what they began to send; the relay takes it.
    await sites?.stop();
    await relay.stop();
    print(io, 'Mailroot has stopped. Nothing is lost: mail that waits is tried again at the next start.');
    return EXIT.done;
  } finally {
    await Promise.all(destinations.map((destination) => destination.close()));
    await log.close();
  }
}

/** The sites of the configuration; undefined: there are none, and nothing of them is loaded. */
async function startSites(config: Config, log: Logger, io: CommandIo): Promise<SiteService | undefined> {
  if (Object.keys(config.process.sites).length === 0) return undefined;
  const { SiteService } = await import('../asp/index.ts');
  const { configuredSites } = await import('./sites.ts');
  return SiteService.start(configuredSites(config), {
    clock: systemClock,
    log,
    codeCache: io.environment['MAILROOT_CODE_CACHE'] || undefined,
  });
}

/** A port that is taken has a number in the event log. */
async function startRelay(options: Parameters<typeof Relay.start>[0]): Promise<Relay> {
  try {
    return await Relay.start(options);
  } catch (thrown) {
    if (thrown instanceof RelayError && thrown.code === 'port-in-use') {
      options.log.event('error', 'relay.port-taken', { reason: thrown.message });
    }
    throw thrown;
  }
}

function banner(config: Config, relay: Relay, sites: SiteService | undefined): string {
  const lines = [`Mailroot ${packageVersion()} is running.`, ''];
  for (const server of config.servers) {
    if (config.servers.length > 1) lines.push(`Server '${server.name}'`);
    const listening = relay.listening(server.name);
    lines.push(
      `  Pickup       ${server.pickup.enabled ? pickupFolder(server) : 'switched off'}`,
      `  SMTP         ${listening.length > 0 ? listening.join(', ') : 'switched off'}`,
      `  Remote mail  ${destination(server)}`,
      `  Local mail   ${server.domains.default ?? serverName(server)}${server.domains.local.map((name) => `, ${name}`).join('')}: goes to ${serverFolders(server).drop}`,
      `  Trouble      is retried after ${server.delivery.retryIntervals.map((ms) => `${Math.round(ms / 60_000)}`).join(', ')} minutes, then returned to the sender`,
      '',
    );
  }
  if (sites !== undefined) {
    lines.push(
      'Sites',
      ...sites.sites.map(({ name, urls }) => `  ${name.padEnd(11)}  ${urls.join(', ')}`),
      '',
    );
  }
  lines.push('Put a mail file into Pickup and watch. Stop with Ctrl-C.', '');
  return lines.join('\n');
}

/** Pickup as the user would type it: short when it lies below the current folder. */
function pickupFolder(server: NamedServer): string {
  const folder = serverFolders(server).pickup;
  const short = relative(process.cwd(), folder);
  return short !== '' && !short.startsWith('..') && dirname(short) !== '.' ? short : folder;
}

function destination(server: NamedServer): string {
  const { smartHost, directFirst } = server.delivery;
  if (smartHost === undefined) return 'goes to the MX hosts of its domain, found by DNS';
  const host = smartHost.port === undefined ? smartHost.host : `${smartHost.host} port ${smartHost.port}`;
  return directFirst ? `goes to the MX hosts of its domain, else to ${host}` : `goes to ${host}`;
}
