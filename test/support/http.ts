import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
}

/** An answer read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
  json(): any;
}

/**
 * Sends a request with no library between the test and the wire, and resolves with the response once its
 * head is there.
 */
export function openResponse(url: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, agent = new Agent() } = options;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Reads what is left of a response. @throws if the connection breaks before its end */
export async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const text = body.toString();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    text,
    json: () => JSON.parse(text),
  };
}

export async function send(url: string, options: RequestOptions = {}): Promise<Answer> {
  return readAnswer(await openResponse(url, options));
}

/** Publishes a JSON value over HTTP. */
export function post(url: string, channel: string, data: unknown): Promise<Answer> {
  return send(`${url}/channels/${channel}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
  });
}
