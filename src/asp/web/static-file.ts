/**
 * Hands out one file as it lies: entity tag, date, ranges, conditional requests.
 * Owns: the fields of such an answer.  Leaves: whether it may be handed out (front); ranges and dates to @fastify/send.
 * Sources: RFC 9110 §8.8, §13 and §14.
 */
import { relative } from 'node:path';
import { send } from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';

export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  options: { readonly root: string; readonly file: string; readonly type: string; readonly idleMs: number },
): Promise<void> {
  const { root, file, type, idleMs } = options;
  const path = relative(root, file).split(/[\\/]/).map(encodeURIComponent).join('/');
  const found = await send(request.raw, `/${path}`, {
    root,
    // Which names are private was decided before, by us.
    dotfiles: 'allow',
    index: false,
    contentType: false,
    cacheControl: false,
  });
  reply.code(found.statusCode);
  for (const [name, value] of Object.entries(found.headers)) reply.header(name, value);
  if (found.type === 'file') {
    reply.header('Content-Type', type);
    reply.header('X-Content-Type-Options', 'nosniff');
  }
  reply.raw.setTimeout(idleMs, () => reply.raw.destroy());
  await reply.send(found.stream);
}
