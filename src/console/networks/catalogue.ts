import { sayingOf } from '../../field/claims.ts';
import { CLAIMS } from '../../lab/claims.ts';
import { TECHNIQUES } from '../../lab/clients/clients.ts';
import { NETWORKS } from '../../lab/networks/networks.ts';
import { DEFAULT_PACE } from '../../lab/pace.ts';
import type { Catalogue } from './reports.ts';

export const CATALOGUE: Catalogue = {
  pace: DEFAULT_PACE,
  networks: NETWORKS.map(({ name, title, does, changes, nodes }) => ({
    name,
    title,
    does,
    changes,
    nodes,
    claims: Object.fromEntries(
      Object.entries(CLAIMS[name] ?? {}).map(([technique, { of }]) => [technique, sayingOf(of)]),
    ),
  })),
  techniques: TECHNIQUES.map(({ name, how }) => ({ name, how })),
};
