import { userInfo } from 'node:os';
import type { Place } from './web-proxy.ts';

/** Lines for `http` that have nginx write where whoever runs the test may. */
export function nginxScratch(directory: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `access_log off; ${kinds.map((kind) => `${kind}_temp_path ${directory}/${kind};`).join(' ')}`;
}

export function nginxCommand(config: string, { directory }: Place): readonly [string, ...string[]] {
  const { username } = userInfo();
  const main = `daemon off; user ${username}; pid ${directory}/pid; error_log ${directory}/error.log;`;
  return ['nginx', '-c', config, '-g', main];
}
