import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import type { EndpointHost } from '../server/endpoint.ts';
import { healthOf } from '../server/health.ts';
import { Hub } from './gen/fanwire/v1/hub_pb.ts';
import { type Health, HealthCheckResponse_ServingStatus as Status } from './gen/grpc/health/v1/health_pb.ts';

/** How soon a watcher hears of a change, in milliseconds. */
const LOOK_MS = 1_000;
/** What can be asked for: the whole, and the service by its name. */
const NAMES: readonly string[] = ['', Hub.typeName];

/** `grpc.health.v1`: a node that drains, or whose log does not answer, is not to be sent anybody. */
export function healthService({ hub, state }: EndpointHost): ServiceImpl<typeof Health> {
  async function status(): Promise<Status> {
    const health = await healthOf(hub, state() !== 'serving');
    return health === 'ok' ? Status.SERVING : Status.NOT_SERVING;
  }
  return {
    async check({ service }) {
      if (NAMES.includes(service)) return { status: await status() };
      throw new ConnectError(`no service is called ${service.slice(0, 60)}`, Code.NotFound);
    },
    async list() {
      const now = await status();
      return { statuses: Object.fromEntries(NAMES.map((name) => [name, { status: now }])) };
    },
    async *watch({ service }, context) {
      const isKnown = NAMES.includes(service);
      let told: Status | undefined;
      while (!context.signal.aborted) {
        const now = isKnown ? await status() : Status.SERVICE_UNKNOWN;
        if (now !== told) yield { status: (told = now) };
        await lookAgain(context);
      }
    },
  };
}

/** Resolves after a while, or once the call has ended. */
function lookAgain({ signal }: HandlerContext): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_MS).unref();
    signal.addEventListener('abort', done);
  });
}
