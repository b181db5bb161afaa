/** Defaults of delivery: what the relay's settings leave open. */
import { DEFAULT_PLAN_OPTIONS, DEFAULT_TIMEOUTS } from '../smtp/index.ts';
import type { DeliverySettings } from './contract.ts';

export const DEFAULT_DELIVERY_SETTINGS: DeliverySettings = {
  maxSessions: 1000,
  maxSessionsPerHop: 100,
  messagesPerSession: 100,
  recipientsPerTransaction: 100,
  idleMs: 5_000,
  timeouts: DEFAULT_TIMEOUTS,
  plan: DEFAULT_PLAN_OPTIONS,
  firstSessions: 5,
  backOffFirstMs: 30_000,
  backOffMaxMs: 900_000,
  maxClaims: 2_000,
  maxClaimBytes: 16 * 1024 * 1024,
  claimBatch: 200,
  dropsAtOnce: 16,
  requestedForMs: 600_000,
};
