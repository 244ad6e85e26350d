import { sayingOf } from '../../field/claims.ts';
import { claimsOf } from '../../lab/claims.ts';
import { canBeOver, TECHNIQUES } from '../../lab/clients/clients.ts';
import { NETWORKS } from '../../lab/networks/networks.ts';
import { DEFAULT_PACE } from '../../lab/pace.ts';
import { TLS, TLS_WORDS, type Tls } from '../../lab/tls.ts';
import { HOW_TO_GET_IT, loadWebTransport } from '../../lab/web-transport.ts';
import type { Catalogue } from './reports.ts';

const isInstalled = (await loadWebTransport()) !== undefined;
const techniques = TECHNIQUES.filter(({ name }) => name !== 'webtransport' || isInstalled);

export const CATALOGUE: Catalogue = {
  pace: DEFAULT_PACE,
  tls: TLS.map((name) => ({ name, ...TLS_WORDS[name] })),
  networks: NETWORKS.map(({ name, title, does, changes, nodes }) => ({
    name,
    title,
    does,
    changes,
    nodes,
    claims: Object.fromEntries(TLS.map((tls) => [tls, saidOf(name, tls)])) as Record<Tls, Said>,
  })),
  techniques: techniques.map(({ name, how }) => ({
    name,
    how,
    over: TLS.filter((tls) => canBeOver(tls, name)),
  })),
  ...(!isInstalled && { missing: { technique: 'webtransport', howToGetIt: HOW_TO_GET_IT } }),
};

type Said = Readonly<Record<string, string>>;

function saidOf(network: string, tls: Tls): Said {
  return Object.fromEntries(
    Object.entries(claimsOf(network, tls)).map(([technique, { of }]) => [technique, sayingOf(of)]),
  );
}
