export function compileService(node: string, folder: string): void;
