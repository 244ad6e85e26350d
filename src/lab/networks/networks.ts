import { bufferingProxy } from './buffering-proxy.ts';
import { cache } from './cache.ts';
import { direct } from './direct.ts';
import { loadBalancer } from './load-balancer.ts';
import { mobileCarrier } from './mobile-carrier.ts';
import type { Network } from './network.ts';
import { networkChange } from './network-change.ts';
import { noUpgrade } from './no-upgrade.ts';
import { udpBlocked } from './udp-blocked.ts';

/** The columns of the matrix. */
export const NETWORKS: readonly Network[] = [
  direct,
  bufferingProxy,
  noUpgrade,
  udpBlocked,
  mobileCarrier,
  networkChange,
  cache,
  loadBalancer,
];
