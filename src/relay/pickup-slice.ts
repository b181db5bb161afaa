/** The slice of a server's settings that Pickup takes. */
import type { NamedServer } from '../config/index.ts';
import type { PickupFolderSettings } from '../intake/index.ts';

export function pickupSlice(server: NamedServer, fqdn: string, folder: string): PickupFolderSettings {
  const { layout, pickup, limits, domains } = server;
  return {
    server: server.name,
    fqdn,
    defaultDomain: domains.default ?? fqdn,
    dotStuffed: pickup.dotStuffed,
    addReceived: pickup.addReceived,
    folder,
    settleMs: pickup.settleTime,
    rescanMs: pickup.rescanInterval,
    maxTries: pickup.maxTries,
    maxMessageBytes: limits.messageSize,
    leavesTooLarge: layout === 'exchange-ims',
  };
}
