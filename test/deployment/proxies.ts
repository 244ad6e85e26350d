import { nginxCommand, nginxScratch } from '../support/nginx.ts';
import type { WebProxy } from '../support/web-proxy.ts';

/** What the guide's files allow to be silent is 60 s; in a test it is this. */
export const IDLE_MS = 5000;

export const PROXIES: readonly WebProxy[] = [
  {
    name: 'nginx',
    config: 'deploy/nginx.conf',
    changes: ({ port, hubPort, directory }) => [
      [/listen 80;/, `listen 127.0.0.1:${port};`],
      [/60s/g, `${IDLE_MS}ms`],
      [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
      [/http \{/, `http { ${nginxScratch(directory)}`],
    ],
    command: nginxCommand,
  },
  {
    name: 'HAProxy',
    config: 'deploy/haproxy.cfg',
    changes: ({ port, hubPort }) => [
      [/bind :80/, `bind 127.0.0.1:${port}`],
      [/60s/g, `${IDLE_MS}ms`],
      [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
    ],
    command: (config) => ['haproxy', '-db', '-f', config],
  },
  {
    name: 'Caddy',
    config: 'deploy/Caddyfile',
    changes: ({ port, hubPort }) => [
      [/^hub\.example \{/m, `{\n\tadmin off\n}\nhttp://127.0.0.1:${port} {`],
      [/60s/g, `${IDLE_MS}ms`],
      [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
    ],
    command: (config) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', config],
  },
];
