/**
 * Ways to a destination: datagrams, streams, a program's standard input, our own standard error.
 * Owns: sockets and children, bounds on what waits.  Leaves: when to open again (destination.ts), what is written (formats.ts).
 * None of them keeps the process alive.
 * Sources: RFC 5426 §3 (one message in a datagram); RFC 6587 §3.4.1 (octet counting).
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Channel, OpenChannel } from './destination.ts';

/** Bytes that may wait for somebody slow. */
const MOST_WAITING = 256 * 1024;
const LONGEST_END_MS = 2_000;

export function datagrams(address: string, port: number): OpenChannel {
  return (lost) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.unref();
    socket.on('error', (error) => {
      socket.close();
      lost(error);
    });
    return {
      write: (text) => {
        socket.send(text, port, address);
        return true;
      },
      end: () =>
        new Promise((resolve) => socket.send('', port, address, () => socket.close(() => resolve()))),
    };
  };
}

/** A stream whose messages are framed by their length, as syslog servers take them over TCP. */
export function countedStream(host: string, port: number): OpenChannel {
  return (lost) => overSocket(connect({ host, port }), lost, (text) => `${Buffer.byteLength(text)} ${text}`);
}

/** A local stream socket; `greeting` is written first. */
export function localStream(path: string, greeting: string): OpenChannel {
  return (lost) => {
    const channel = overSocket(connect({ path }), lost, (text) => text);
    if (greeting !== '') channel.write(greeting);
    return channel;
  };
}

function overSocket(socket: Socket, lost: (why: unknown) => void, frame: (text: string) => string): Channel {
  socket.unref();
  // Nothing is expected; what comes is thrown away, or the end would not be noticed.
  socket.resume();
  socket.on('close', () => lost(new Error('the connection was closed')));
  return overStream(socket, lost, frame);
}

function overStream(
  stream: Writable,
  lost: (why: unknown) => void,
  frame: (text: string) => string,
): Channel {
  stream.on('error', lost);
  return {
    write: (text) => {
      if (stream.writableLength > MOST_WAITING) return false;
      stream.write(frame(text));
      return true;
    },
    end: () =>
      new Promise((resolve) => {
        const limit = setTimeout(resolve, LONGEST_END_MS);
        stream.end(() => {
          clearTimeout(limit);
          resolve();
        });
      }),
  };
}

/** A program that takes one event a line on its standard input; no shell, so nothing in an event is ever a command. */
export function programInput(program: string, args: readonly string[]): OpenChannel {
  return (lost) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-500);
    });
    const ended = new Promise<void>((resolve) => {
      child.on('error', (error) => {
        lost(error);
        resolve();
      });
      child.on('close', (code) => {
        lost(new Error(`${program} ended with ${code}: ${complaint.trim()}`));
        resolve();
      });
    });
    child.unref();
    for (const pipe of [child.stdin, child.stderr]) (pipe as unknown as Socket).unref?.();
    const channel = overStream(child.stdin, lost, (text) => text);
    return {
      write: channel.write,
      end: async () => {
        await channel.end();
        const limit = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_END_MS).unref());
        await Promise.race([ended, limit]);
      },
    };
  };
}

/** Our own standard error, which the service manager reads. */
export function ownOutput(write: (text: string) => void): OpenChannel {
  return () => ({
    write: (text) => {
      write(text);
      return true;
    },
    end: async () => {},
  });
}
