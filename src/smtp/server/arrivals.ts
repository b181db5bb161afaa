/**
 * Connections that arrive, as sockets that all read into one buffer.
 * Owns: making such a socket.  Leaves: listening and admission (server.ts), what the bytes mean (session.ts).
 * Fails: what the system says while accepting goes to the server's `error`, as without us.
 *
 * By itself a socket allocates 64 KiB for each read, copies what came into a second block and frees the first: a tenth of what a short
 * session costs. `onread` is the cure, but `net.Server` does not hand it on; so its handle is asked for the connections themselves, which
 * no documentation promises. Where the handle is not as we know it, the server makes the sockets (docs/decisions/0107).
 */
import { type OnReadOpts, type Server, Socket, type SocketConstructorOpts } from 'node:net';

/** A read that fills it is followed by another. */
const READ_BYTES = 64 * 1024;

/** What libuv's listening handle is known to have. */
type ListeningHandle = { onconnection?: (this: unknown, status: number, connection: unknown) => void };

const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/** From now on each connection of a listening server is given to `take`, half-open allowed and without delay. */
export function takeArrivals(server: Server, take: (socket: Socket) => void): void {
  const handle = (server as unknown as { readonly _handle?: ListeningHandle })._handle;
  const byDefault = handle?.onconnection;
  if (handle === undefined || typeof byDefault !== 'function') {
    server.on('connection', take);
    return;
  }
  handle.onconnection = function (status, connection) {
    if (status === 0 && connection !== undefined) take(socketOf(connection));
    else byDefault.call(this, status, connection);
  };
}

/** Tells `data` as any socket does, but a chunk is its listener's only until the call returns: the next read writes over it. */
function socketOf(handle: unknown): Socket {
  const onread: OnReadOpts = {
    buffer: shared,
    callback: (length) => {
      socket.emit('data', shared.subarray(0, length));
      return true;
    },
  };
  const socket = new Socket({ handle, allowHalfOpen: true, onread } as SocketConstructorOpts);
  socket.setNoDelay(true);
  return socket;
}
