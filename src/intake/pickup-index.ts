/** The pickup half of intake, for the room's entrance. */
export { type PickupMessage, preparePickup } from './pickup-file.ts';
export type { PickupFolderSettings, PickupStatus } from './pickup-messages.ts';
export { PickupWatcher, type PickupWatcherOptions } from './pickup-watcher.ts';
