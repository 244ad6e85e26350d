import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { type Command, readArguments } from './command.ts';
import { Failure } from './failure.ts';
import { hubUrl } from './hub-address.ts';

/** The hub itself answers within half a second. */
const PATIENCE_MS = 3_000;

export const health: Command = {
  summary: 'ask whether a hub is well',
  help: `fanwire health [--url URL]

Asks /healthz of the hub that fanwire serve runs on this computer with the same environment and the config file that
FANWIRE_CONFIG names, or of the one at URL. The exit code is 0 if the hub is well, and 1 if it is not, drains or can't be reached.`,

  async run(args) {
    const { values } = readArguments(args, { url: { type: 'string' } });
    const { url, host } = values.url === undefined ? await ownHub() : { url: hubUrl(values.url) };
    const { status, text } = await ask(new URL(`${url}/healthz`), host);
    if (status !== 200) throw new Failure(`${url} answers ${status}: ${text}`);
    console.log(text);
  },
};

/** Where this computer's hub listens, and by which name it may be asked. */
async function ownHub() {
  const checked = await loadConfig(process.env.FANWIRE_CONFIG || undefined, process.env);
  if (!checked.ok) throw new Failure(["the hub can't be served:", ...checked.faults].join('\n  '));
  const { tls, port = 8080, basePath = '/', hosts } = checked.config;
  const scheme = tls === undefined ? 'http' : 'https';
  const path = basePath.replace(/\/+$/, '');
  return { url: `${scheme}://${reachable(checked.config)}:${port}${path}`, host: hosts?.[0] };
}

/** A hub that listens on every address is reached on loopback. */
function reachable({ host = '127.0.0.1' }: Config): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function ask(url: URL, host: string | undefined): Promise<{ status: number | undefined; text: string }> {
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      {
        headers: host === undefined ? {} : { host },
        signal: AbortSignal.timeout(PATIENCE_MS),
        // The certificate is for the name that clients use; what is asked here is no secret.
        rejectUnauthorized: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, text }));
        response.on('error', reject);
      },
    );
    asking.on('error', (error) => reject(new Failure(`${url.origin} can't be reached: ${error.message}`)));
    asking.end();
  });
}
