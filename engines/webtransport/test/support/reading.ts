/** The next of a stream; throws at its end. */
export async function next<T>(stream: ReadableStream<T>): Promise<T> {
  const reader = stream.getReader();
  try {
    const { value, done } = await reader.read();
    if (done) throw new Error('the stream has ended');
    return value;
  } finally {
    reader.releaseLock();
  }
}

/** All bytes of a stream. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Writes all of it and ends the stream. */
export async function writeAll(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(bytes);
  await writer.close();
}
