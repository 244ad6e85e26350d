import { nginxCommand, nginxScratch } from '../../support/nginx.ts';
import { varnishCommand } from '../../support/varnish.ts';
import type { WebProxy } from '../../support/web-proxy.ts';

/** Caches as the guide configures them. */
export const CACHES: readonly WebProxy[] = [
  {
    name: 'Varnish',
    config: 'deploy/varnish.vcl',
    changes: ({ hubPort }) => [[/\.port = "8080";/, `.port = "${hubPort}";`]],
    command: varnishCommand,
  },
  {
    name: 'nginx',
    config: 'deploy/nginx-cache.conf',
    changes: ({ port, hubPort, directory }) => [
      [/listen 80;/, `listen 127.0.0.1:${port};`],
      [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
      [/\/var\/cache\/nginx\/fanwire/, `${directory}/cache`],
      [/http \{/, `http { ${nginxScratch(directory)}`],
    ],
    command: nginxCommand,
  },
];
