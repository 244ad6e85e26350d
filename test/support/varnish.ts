import type { Place } from './web-proxy.ts';

export function varnishCommand(config: string, { port, directory }: Place): readonly [string, ...string[]] {
  const place = ['-a', `127.0.0.1:${port}`, '-n', directory];
  // Without a user of its own, who may not write there.
  return ['varnishd', '-F', '-j', 'none', '-s', 'malloc,256m', '-f', config, ...place];
}
