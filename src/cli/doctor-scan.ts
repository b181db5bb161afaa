/** `mailroot doctor --scan DIR`: prints the places that send mail in a tree of sources, and what is wrong there. */
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { explainFault, type ScanResult, type SendPlace, scanTree } from '../doctor/index.ts';
import { EXIT, type Invocation, output, UsageError } from './command.ts';

const CONNECT_MS = 3000;

/** Exit code 1 when a fault of severity error was found. */
export async function runScan(invocation: Invocation, folder: string): Promise<number> {
  const root = resolve(invocation.io.folder, folder);
  if (!existsSync(root)) throw new UsageError(`--scan ${folder}: there is no such file or folder`);
  const result = await scanTree(root, { listens });
  const faults = result.faults.map(explainFault);
  output(invocation, { ...result, faults }, () => scanText(result));
  return faults.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.done;
}

/** Whether this machine answers on the port. */
function listens(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}

function scanText({ files, places, faults, skipped }: ScanResult): string {
  const lines: string[] = [];
  if (places.length > 0) {
    lines.push('Places that send mail:', '');
    for (const place of places)
      lines.push(`  ${place.file}:${place.line}  ${place.object}, ${routeWords(place)}`);
    lines.push('');
  }
  for (const fault of faults) {
    const { severity, title, found, why, cure, source } = explainFault(fault);
    lines.push(`${severity.toUpperCase()} ${fault.file}:${fault.line}: ${title}  [${fault.kind}]`);
    lines.push(`  seen:   ${found}`, `  why:    ${why}`, `  cure:   ${cure}`, `  source: ${source}`, '');
  }
  for (const { file, reason } of skipped) lines.push(`not read: ${file}: ${reason}`);
  lines.push(`${files} files read, ${places.length} places that send mail, ${faults.length} faults.`);
  return lines.join('\n');
}

function routeWords({ route, server, port, authentication, usesTls, pickupFolder }: SendPlace): string {
  if (route === 'pickup')
    return `by the Pickup folder${pickupFolder === undefined ? '' : ` ${pickupFolder}`}`;
  if (route === 'default') return 'nothing configured: by the local Pickup folder';
  const log =
    authentication === undefined || authentication === 'none' ? 'without log-on' : `log-on ${authentication}`;
  return `to ${server ?? 'a server that is computed'}, port ${port ?? 25}, ${log}, TLS ${usesTls === true ? 'on' : 'off'}`;
}
