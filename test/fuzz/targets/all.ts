import type { Target } from '../target.ts';
import { clientTargets } from './client.ts';
import { frameTargets } from './frames.ts';
import { graphqlTargets } from './graphql.ts';
import { grpcTargets } from './grpc.ts';
import { headerTargets } from './headers.ts';
import { lineTargets } from './lines.ts';
import { nameTargets } from './names.ts';
import { networkTargets } from './network.ts';
import { tokenTargets } from './tokens.ts';

/** Every parser that touches the network. */
export const TARGETS: readonly Target[] = [
  ...frameTargets,
  ...nameTargets,
  ...headerTargets,
  ...tokenTargets,
  ...lineTargets,
  ...clientTargets,
  ...graphqlTargets,
  ...grpcTargets,
  ...networkTargets,
];
