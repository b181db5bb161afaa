export const SERVICE_FLAGS: readonly string[];
export const SERVICE_ENVIRONMENT: Readonly<Record<string, string>>;
export const SITE_FLAGS: readonly string[];
export function flagsOf(words: readonly string[]): readonly string[] | undefined;
export function leaveThreadsTheirLimits(): void;
export function startAgainSmall(flags: readonly string[]): void;
