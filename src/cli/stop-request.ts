/** Waiting for the wish that a service stop: Ctrl-C, SIGTERM, or a command. */
import { systemClock } from '../base/index.ts';
import { EXIT } from './command.ts';

export type StoppableService = {
  readonly reload?: () => Promise<unknown>;
  readonly onStopRequest?: (listener: () => void) => void;
};

/** A signal this soon after the first is the same wish: a terminal and the program that started us may both deliver it. */
const SAME_WISH_MS = 1000;

/**
 * Resolves when somebody wants the service to stop. SIGHUP reloads and does not resolve. While the service is stopping the
 * listeners stay: the first signal repeated changes nothing, one that comes later ends the process at once.
 */
export async function stopRequest(service: StoppableService = {}): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const onSignal = (): void => {
    const now = systemClock.monotonicMs();
    if (firstAt !== undefined && now - firstAt > SAME_WISH_MS) process.exit(EXIT.failed);
    firstAt ??= now;
    resolve();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', () => void service.reload?.().catch(() => {}));
  service.onStopRequest?.(resolve);
  // Sockets and timers of an idle service do not keep a process alive by themselves on every platform.
  const keepAlive = setInterval(() => {}, 3_600_000);
  await promise;
  clearInterval(keepAlive);
}
