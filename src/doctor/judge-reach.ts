import { type Finding, PROXY, TROUBLE } from './finding.ts';
import type { Failure, Readings } from './readings.ts';

/** Why no hub answers at all. */
export function judgeReach(failure: Failure, { url }: Pick<Readings, 'url'>): Finding {
  if (failure.by === 'hub') {
    const isOther = failure.code === 'host_not_allowed' && !failure.detail.includes(`"${new URL(url).host}"`);
    return {
      fault: isOther ? 'host-changed' : 'refused-by-hub',
      sentence: `The hub answers ${failure.status}, ${failure.code}: ${failure.detail}.`,
      change:
        failure.code === 'host_not_allowed'
          ? isOther
            ? 'A proxy has changed Host: have it pass Host on, in nginx by proxy_set_header Host $http_host.'
            : 'Add the name to `hosts`.'
          : 'Give a token that is valid, by --token or FANWIRE_TOKEN, or do what the sentence says.',
      see: `${TROUBLE}#${failure.code}`,
    };
  }
  const { status, detail, cause } = failure;
  if (status === 502 || status === 503 || status === 504) {
    return {
      fault: 'hub-away',
      sentence: `Something between answers ${status} in the hub’s place (${detail}): the hub behind it is down, or is looked for elsewhere.`,
      change:
        'Start the hub, and compare the address that the proxy has of it with the one on which it listens.',
      see: PROXY,
    };
  }
  if (status !== undefined) {
    return {
      fault: 'no-hub',
      sentence: `${url} answers, and it is no hub: ${detail}.`,
      change:
        'Give the URL under which the hub’s paths stand, its base path included, and have the proxy pass /connect on by GET and POST.',
      see: `${TROUBLE}#not_found`,
    };
  }
  return {
    fault: 'unreachable',
    sentence:
      cause === 'unreachable'
        ? `${url} can’t be reached: ${detail}.`
        : `${url} takes connections and gives no answer of a hub: ${detail}.`,
    change:
      'Look whether the hub runs, whether it listens on that address, and whether a firewall lets its port through.',
    see: `${TROUBLE}#the-hub-does-not-start`,
  };
}
