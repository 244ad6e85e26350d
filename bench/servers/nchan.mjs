// nginx with the module nchan: subscribers by WebSocket and SSE, published to by HTTP.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProgram } from './child.mjs';
import { poster } from './post.mjs';
import { drive } from './publisher.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fanwire-nchan-'));
const port = await freePort();
const config = join(folder, 'nginx.conf');
writeFileSync(
  config,
  `load_module ${process.argv[2]};
daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 40000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000000;
  nchan_max_reserved_memory 512M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /publish {
      nchan_publisher http;
      nchan_channel_id scores;
      nchan_message_buffer_length 1000;
    }
    location = /subscribe {
      nchan_subscriber websocket eventsource;
      nchan_channel_id scores;
      nchan_subscriber_first_message newest;
    }
  }
}
`,
);
const program = await startProgram(
  'nginx',
  ['-c', config, '-p', folder, '-e', join(folder, 'error.log')],
  port,
);
const publish = poster(`http://127.0.0.1:${port}/publish`, { type: 'text/plain' });
drive(port, async (data) => /last message id: (\S+)/.exec(await publish(data))?.[1], program);
