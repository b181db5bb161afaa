/** Asks Python's email package what it sees in messages: a parser that shares nothing with ours. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type ForeignPart = {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
  readonly charset: string | null;
  /** Class names of what the parser found wrong. */
  readonly defects: readonly string[];
  /** Children of a multipart, or the message inside message/rfc822 and message/global. */
  readonly parts?: readonly ForeignPart[];
  /** Field groups of a delivery status. */
  readonly groups?: readonly (readonly (readonly [name: string, value: string])[])[];
  /** The decoded body of a single part. */
  readonly content?: Buffer;
};

/** Parses all messages in one run of the interpreter. */
export function parsedByPython(messages: readonly Uint8Array[]): ForeignPart[] {
  const input = Buffer.concat(messages.flatMap((message) => [Buffer.from(`${message.length}\n`), message]));
  const script = join(import.meta.dirname, 'parse_mail.py');
  const run = spawnSync('python3', [script], { input, maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`python3 failed: ${run.error?.message ?? run.stderr.toString()}`);
  return (JSON.parse(run.stdout.toString()) as ForeignPart[]).map(withBuffers);
}

function withBuffers(part: ForeignPart): ForeignPart {
  return {
    ...part,
    ...(part.parts === undefined ? {} : { parts: part.parts.map(withBuffers) }),
    ...(part.content === undefined
      ? {}
      : { content: Buffer.from(part.content as unknown as string, 'base64') }),
  };
}

/** The value of the first field of this name, in any case. */
export function foreignField(
  fields: readonly (readonly [name: string, value: string])[],
  name: string,
): string | undefined {
  return fields.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
