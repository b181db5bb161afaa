/** objects: what scripts create by ProgID besides the mail objects. */
export * from './arguments.ts';
export * from './catalogue.ts';
export * from './errors.ts';
export * from './files/encoding.ts';
export * from './files/folder-map.ts';
export * from './files/granted-files.ts';
export * from './files/text-stream.ts';
export * from './files/windows-path.ts';
export * from './full-catalogue.ts';
export * from './http/exchange.ts';
export * from './lazy.ts';
export * from './registry.ts';
export * from './scope.ts';
export * from './shell/process.ts';
export * from './source-text.ts';
export * from './system-error.ts';
export * from './type-libraries.ts';
