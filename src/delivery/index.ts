/** delivery: claim, route, attempt, outcome; connections kept and limited per next hop. */
export * from './contract.ts';
export { Delivery, type DeliveryParts } from './delivery.ts';
export { DEFAULT_DELIVERY_SETTINGS } from './settings.ts';
