/**
 * The thread of one Pickup folder.
 * Owns: this side of the thread border.  Leaves: the work itself (pickup-folder), the other side (pickup-watcher).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createIdSource, systemClock } from '../base/index.ts';
import { nodePickupDisk } from './pickup-disk.ts';
import { PickupFolder } from './pickup-folder.ts';
import {
  type FromPickupThread,
  type PickupFolderSettings,
  packItems,
  type ToPickupThread,
} from './pickup-messages.ts';

const port = parentPort;
if (port === null) throw new Error('pickup-thread runs as a worker only');

const send = (message: FromPickupThread, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

const folder = new PickupFolder(workerData as PickupFolderSettings, {
  disk: nodePickupDisk,
  clock: systemClock,
  ids: createIdSource(() => Date.now()),
  watchSeesWrites: process.platform === 'linux' || process.platform === 'win32',
  port: {
    items: (items) => {
      const packed = packItems(items);
      send({ kind: 'items', items: packed }, [packed.block]);
    },
    askClaim: (claimId) => send({ kind: 'ask', claimId }),
    log: (level, name, fields) => send({ kind: 'log', level, name, fields }),
    stopped: () => {
      send({ kind: 'stopped' });
      port.close();
    },
  },
});

port.on('message', (message: ToPickupThread) => {
  switch (message.kind) {
    case 'answers':
      return folder.answers(message.answers);
    case 'claim':
      return folder.answerClaim(message.claimId, message.wasAccepted);
    case 'settings':
      return folder.configure(message.settings);
    case 'status':
      return send({ kind: 'status', status: folder.status() });
    case 'stop':
      return folder.stop();
  }
});

folder.start();
