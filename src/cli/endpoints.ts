import type { Config } from '../config/config.ts';
import type { Endpoint } from '../server/endpoint.ts';
import { Failure } from './failure.ts';

/** The views of the channels that a hub is asked for by name: each is loaded only then, with packages that it alone needs. */
const NAMED = {
  graphql: {
    load: async () => (await import('../graphql/index.ts')).graphql(),
    packages: ['graphql'],
  },
  grpc: {
    load: async () => (await import('../grpc/index.ts')).grpc(),
    packages: ['@connectrpc/connect', '@bufbuild/protobuf'],
  },
} as const;

/** @throws Failure for packages that are not installed */
export async function endpointsOf(config: Config): Promise<readonly Endpoint[]> {
  const endpoints: Endpoint[] = [...(config.endpoints ?? [])];
  for (const [name, { load, packages }] of Object.entries(NAMED)) {
    if (!config[name as keyof typeof NAMED]) continue;
    endpoints.push(
      await load().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
        throw new Failure(`${name} needs more packages: npm install ${packages.join(' ')}`);
      }),
    );
  }
  return endpoints;
}
