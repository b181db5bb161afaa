/**
 * A command's end of the local control interface.
 * Fails: RelayError `not-running` when no service listens, `permission-denied` when this user may not ask it, and
 * whatever the service answers, under the service's own code.
 */
import { connect, type Socket } from 'node:net';
import { RELAY_ERROR_CODES, RelayError, type RelayErrorCode, systemErrorCode } from '../base/index.ts';
import type { ControlApi } from './api.ts';
import { type ControlAnswer, JsonLines, toLine } from './protocol.ts';

type Pending = {
  readonly onItem: (item: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
};

export class ControlClient {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines = new JsonLines(
      (value) => this.#take(value as ControlAnswer),
      (reason) => socket.destroy(new Error(reason)),
    );
    socket.on('data', (chunk) => lines.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const pending of this.#pending.values()) {
        pending.reject(new RelayError('not-running', 'The service stopped while it was answering.'));
      }
      this.#pending.clear();
    });
  }

  /** Connects to the service whose control address this is. */
  static connect(address: string): Promise<ControlClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(address);
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        resolve(new ControlClient(socket));
      });
      socket.once('error', (error) => {
        const denied = systemErrorCode(error) === 'EACCES';
        reject(
          denied
            ? new RelayError(
                'permission-denied',
                `Only the user that the service runs as (and root) may ask it. The control interface is ${address}.`,
                { cause: error },
              )
            : new RelayError('not-running', `No Mailroot service answers at ${address}.`, { cause: error }),
        );
      });
    });
  }

  /** Calls a method; `onItem` gets what it streams before its result. */
  ask<M extends keyof ControlApi>(
    method: M,
    params: ControlApi[M]['params'],
    onItem: (item: ControlApi[M]['item']) => void = () => {},
  ): Promise<ControlApi[M]['result']> {
    return this.call(method, params, onItem as (item: unknown) => void) as Promise<ControlApi[M]['result']>;
  }

  /** The untyped form of `ask`. */
  call(method: string, params: unknown = {}, onItem: (item: unknown) => void = () => {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { onItem, resolve, reject });
      this.#socket.write(toLine({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(answer: ControlAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    if ('item' in answer) {
      pending.onItem(answer.item);
      return;
    }
    this.#pending.delete(answer.id);
    if ('result' in answer) pending.resolve(answer.result);
    else {
      const code = Object.hasOwn(RELAY_ERROR_CODES, answer.error.code) ? answer.error.code : 'refused';
      pending.reject(new RelayError(code as RelayErrorCode, answer.error.text));
    }
  }
}
