export function isServiceCommand(words: readonly string[]): boolean;
export const SERVICE_FLAGS: readonly string[];
export const SERVICE_ENVIRONMENT: Readonly<Record<string, string>>;
export function startAgainSmall(): void;
