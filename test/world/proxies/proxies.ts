import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TransportName } from '../../../src/client/index.ts';
import { nginxCommand, nginxScratch } from '../../support/nginx.ts';
import { varnishCommand } from '../../support/varnish.ts';
import type { Place, WebProxy } from '../../support/web-proxy.ts';

/**
 * A proxy as Debian's package configures it. What changes is where it listens, where it writes and as whom it
 * runs, and the site that it comes with becomes what everybody writes first: pass everything on.
 */
export interface InstalledProxy extends WebProxy {
  /** What the client ends on. */
  readonly settlesOn: TransportName;
  /** The failures that say why it is not a better one. */
  readonly causes: readonly string[];
  /** Whether the hub is told the name that the browser used. */
  readonly keepsHost: boolean;
  /** Whether it is reached by `https`, with a certificate that nobody has signed. */
  readonly tls?: boolean;
}

const { username } = userInfo();

const NGINX_CONF = '/etc/nginx/nginx.conf';

function nginxChanges({ hubPort, directory }: Place, listen: string): readonly (readonly [RegExp, string])[] {
  const server = `server { ${listen} location / { proxy_pass http://127.0.0.1:${hubPort}; } }`;
  return [
    [/^user .*;$/m, ''],
    [/^pid .*;$/m, ''],
    [/error_log .*;/, ''],
    [/access_log .*;/, nginxScratch(directory)],
    [/include \/etc\/nginx\/sites-enabled\/\*;/, server],
  ];
}

function selfSign(directory: string): { readonly key: string; readonly cert: string } {
  const files = { key: join(directory, 'key.pem'), cert: join(directory, 'cert.pem') };
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', files.key, '-out', files.cert];
  execFileSync('openssl', [...args, ...subject], { stdio: 'ignore' });
  return files;
}

export const PROXIES: readonly InstalledProxy[] = [
  {
    name: 'nginx',
    config: NGINX_CONF,
    settlesOn: 'sse',
    causes: ['websocket: refused'],
    keepsHost: false,
    changes: (place) => nginxChanges(place, `listen 127.0.0.1:${place.port};`),
    command: nginxCommand,
  },
  {
    name: 'nginx over HTTP/2',
    config: NGINX_CONF,
    settlesOn: 'sse',
    causes: ['websocket: refused'],
    keepsHost: false,
    tls: true,
    changes: (place) => {
      const { key, cert } = selfSign(place.directory);
      const certificate = `ssl_certificate ${cert}; ssl_certificate_key ${key};`;
      return nginxChanges(place, `listen 127.0.0.1:${place.port} ssl http2; ${certificate}`);
    },
    command: nginxCommand,
  },
  {
    name: 'Apache',
    config: '/etc/apache2/apache2.conf',
    settlesOn: 'sse',
    causes: ['websocket: refused'],
    keepsHost: false,
    changes: ({ port, hubPort }) => [
      [
        /^Include ports.conf$/m,
        `Listen 127.0.0.1:${port}
         LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
         LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so`,
      ],
      [/^IncludeOptional sites-enabled\/\*\.conf$/m, `ProxyPass / http://127.0.0.1:${hubPort}/`],
    ],
    command: (config) => ['apache2', '-DFOREGROUND', '-f', config],
    env: (directory) => ({
      APACHE_RUN_DIR: directory,
      APACHE_LOCK_DIR: directory,
      APACHE_LOG_DIR: directory,
      APACHE_PID_FILE: `${directory}/pid`,
      // Apache refuses to serve as root.
      APACHE_RUN_USER: username === 'root' ? 'www-data' : username,
      APACHE_RUN_GROUP: username === 'root' ? 'www-data' : username,
    }),
  },
  {
    name: 'lighttpd',
    config: '/etc/lighttpd/lighttpd.conf',
    settlesOn: 'long-polling',
    causes: ['websocket: refused', 'sse: mute', 'http-streaming: mute'],
    keepsHost: true,
    changes: ({ port, hubPort, directory }) => [
      [/^server.port .*$/m, `server.port = ${port}\nserver.bind = "127.0.0.1"`],
      [/^server.errorlog .*$/m, `server.errorlog = "${directory}/error.log"`],
      [/^server.pid-file .*$/m, `server.pid-file = "${directory}/pid"`],
      [/^server.upload-dirs .*$/m, `server.upload-dirs = ( "${directory}" )`],
      [/^server.username .*$/m, ''],
      [/^server.groupname .*$/m, ''],
      [/^include_shell "\/usr\/share\/lighttpd\/use-ipv6.*$/m, ''],
      [
        /$/,
        `server.modules += ( "mod_proxy" )
         proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => ${hubPort} ) ) )\n`,
      ],
    ],
    command: (config) => ['lighttpd', '-D', '-f', config],
  },
  {
    name: 'Varnish',
    config: '/etc/varnish/default.vcl',
    settlesOn: 'sse',
    causes: ['websocket: refused'],
    keepsHost: true,
    changes: ({ hubPort }) => [[/\.port = "8080";/, `.port = "${hubPort}";`]],
    command: varnishCommand,
  },
  {
    name: 'HAProxy',
    config: '/etc/haproxy/haproxy.cfg',
    settlesOn: 'websocket',
    causes: [],
    keepsHost: true,
    changes: ({ port, hubPort, directory }) => [
      [/^\s*chroot .*$/m, ''],
      [/^\s*user .*$/m, ''],
      [/^\s*group .*$/m, ''],
      [/\/run\/haproxy\/admin\.sock/, `${directory}/admin.sock`],
      [
        /$/,
        `\nfrontend public
           bind 127.0.0.1:${port}
           default_backend site
         backend site
           server one 127.0.0.1:${hubPort}\n`,
      ],
    ],
    command: (config) => ['haproxy', '-db', '-f', config],
  },
  {
    name: 'Caddy',
    config: '/etc/caddy/Caddyfile',
    settlesOn: 'websocket',
    causes: [],
    keepsHost: true,
    changes: ({ port, hubPort }) => [
      [/^:80 \{$/m, `{\n\tadmin off\n}\nhttp://127.0.0.1:${port} {`],
      [/^\tfile_server$/m, ''],
      [/# reverse_proxy localhost:8080/, `reverse_proxy 127.0.0.1:${hubPort}`],
    ],
    command: (config) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', config],
  },
];
