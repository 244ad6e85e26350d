import type { FanwireHub } from '../../fanwire-hub.ts';
import type { HubOptions, RequestContext } from '../../hub/options.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { COMMANDS_CHANNEL, type Command } from './reports.ts';

const KINDS = ['drain', 'resume', 'disconnect'] as const satisfies readonly Command['kind'][];
const MAX_WITHIN_MS = 3_600_000;

/**
 * The requests of the page. The process that gets a request publishes it, because it may be for another process. The
 * answer comes once the log has it.
 * @param hub gives this process's hub, which is made after its options
 */
export function commandRequests(hub: () => FanwireHub): NonNullable<HubOptions['requests']> {
  const handler = (kind: Command['kind']) => async (data: unknown, context: RequestContext) => {
    assertOperator(context);
    const { id } = await hub().publish(COMMANDS_CHANNEL, readCommand({ ...Object(data), kind }));
    return { id };
  };
  return Object.fromEntries(KINDS.map((kind) => [`console:${kind}`, handler(kind)]));
}

/** Obeys the commands for this process. Returns a function that stops it. */
export function obeyCommands(hub: FanwireHub): () => void {
  const subscription = hub.subscribe<Command>(COMMANDS_CHANNEL, ({ data }) => {
    if (data.node === hub.node) void obey(hub, data);
  });
  return () => subscription.close();
}

async function obey(hub: FanwireHub, command: Command): Promise<void> {
  switch (command.kind) {
    case 'drain':
      return hub.drain(command);
    case 'resume':
      return hub.resume();
    case 'disconnect': {
      const ids = new Set(command.ids);
      hub.disconnect(({ id }) => ids.has(id));
    }
  }
}

/** @throws FanwireError `forbidden` */
function assertOperator({ access }: RequestContext): void {
  if (access.mayRead(COMMANDS_CHANNEL)) return;
  throw new FanwireError('forbidden', 'this takes the operator’s token, or one that grants console:*');
}

/** @throws FanwireError `invalid_parameter` with the member's name */
function readCommand(data: Readonly<Record<string, unknown>> & { readonly kind: Command['kind'] }): Command {
  const { kind, node, withinMs, ids } = data;
  if (typeof node !== 'string') throw invalid('node', 'the name of a node');
  switch (kind) {
    case 'drain':
      if (withinMs === undefined) return { kind, node };
      if (typeof withinMs !== 'number' || !(withinMs >= 0 && withinMs <= MAX_WITHIN_MS)) {
        throw invalid('withinMs', `milliseconds, 0 to ${MAX_WITHIN_MS}`);
      }
      return { kind, node, withinMs };
    case 'resume':
      return { kind, node };
    case 'disconnect':
      if (!Array.isArray(ids) || !ids.every(Number.isSafeInteger)) {
        throw invalid('ids', 'a list of connections’ numbers');
      }
      return { kind, node, ids };
  }
}

function invalid(member: string, expected: string): FanwireError {
  return new FanwireError('invalid_parameter', `${member}: expected ${expected}`);
}
