/** The header of a message as text, for commands: up to the first empty line, and no longer than `maxBytes`. */
export async function headerText(chunks: AsyncIterable<Uint8Array>, maxBytes = 65_536): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) break;
  }
  const text = Buffer.concat(pieces).subarray(0, maxBytes).toString('utf8');
  const end = text.search(/\r?\n\r?\n/);
  return end === -1 ? text : text.slice(0, end);
}
