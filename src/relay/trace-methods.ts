/** `mailroot trace`: streams the live dialogue of sessions until the caller hangs up. */
import type { ControlApi, ControlMethods } from '../control/index.ts';
import type { TraceHub, TraceItem } from '../smtp/index.ts';

/** Lines that may wait for a slow watcher; beyond, it is told how many were left out. */
const MAX_WAITING = 5000;

export function traceMethods(hub: TraceHub): ControlMethods {
  return {
    trace: async (params, call) => {
      const filter = params as ControlApi['trace']['params'];
      const waiting: TraceItem[] = [];
      let leftOut = 0;
      let wake = (): void => {};
      const unsubscribe = hub.subscribe(filter, (item) => {
        if (waiting.length < MAX_WAITING) waiting.push(item);
        else leftOut += 1;
        wake();
      });
      call.signal.addEventListener('abort', () => wake());
      try {
        while (!call.signal.aborted) {
          const item = waiting.shift();
          if (item !== undefined) await call.send(item);
          else if (leftOut > 0) {
            const text = `${leftOut} lines were left out: the watcher is too slow`;
            leftOut = 0;
            await call.send({
              at: Date.now(),
              server: '',
              sessionId: '',
              client: '',
              direction: 'event',
              isOutbound: false,
              text,
            });
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        unsubscribe();
      }
      return null;
    },
  };
}
