/** The views of the channels that the console knows, by the names that they give themselves. */
export const ENDPOINT_NAMES = ['graphql', 'grpc'] as const;

export type EndpointName = (typeof ENDPOINT_NAMES)[number];

/** What a GraphQL endpoint is below the hub's path, unless its program puts it elsewhere. */
export const GRAPHQL_PATH = '/graphql';

/** The call of gRPC, gRPC-Web and Connect that reads channels. */
export const GRPC_SUBSCRIBE_PATH = '/fanwire.v1.Hub/Subscribe';

export function isEndpointName(name: string): name is EndpointName {
  return (ENDPOINT_NAMES as readonly string[]).includes(name);
}
