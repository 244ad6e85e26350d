import type { FanwireHub } from '../../fanwire-hub.ts';
import type { HubOptions, RequestContext } from '../../hub/options.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Looks } from './looks.ts';
import { invalid, nodeOf, readQuery, text } from './query.ts';
import { COMMANDS_CHANNEL, type Command } from './reports.ts';
import { fits } from './rows.ts';

const KINDS = [
  'drain',
  'resume',
  'disconnect',
  'disconnect-matching',
  'look',
] as const satisfies readonly Command['kind'][];
const MAX_WITHIN_MS = 3_600_000;

/**
 * The requests of the page. The process that gets a request publishes it, because it may be for another process. The
 * answer comes once the log has it.
 * @param hub gives this process's hub, which is made after its options
 */
export function commandRequests(hub: () => FanwireHub): NonNullable<HubOptions['requests']> {
  const handler = (kind: Command['kind']) => async (data: unknown, context: RequestContext) => {
    assertOperator(context);
    const { id } = await hub().publish(COMMANDS_CHANNEL, readCommand(kind, Object(data)));
    return { id };
  };
  return Object.fromEntries(KINDS.map((kind) => [`console:${kind}`, handler(kind)]));
}

/** Obeys the commands for this process. Returns a function that stops it. */
export function obeyCommands(hub: FanwireHub, looks: Looks): () => void {
  const subscription = hub.subscribe<Command>(COMMANDS_CHANNEL, ({ data }) => {
    const { node } = data.kind === 'look' ? data.query : data;
    if (node === undefined || node === hub.node) void obey(hub, looks, data);
  });
  return () => subscription.close();
}

async function obey(hub: FanwireHub, looks: Looks, command: Command): Promise<void> {
  switch (command.kind) {
    case 'drain':
      return hub.drain(command);
    case 'resume':
      return hub.resume();
    case 'disconnect': {
      const ids = new Set(command.ids);
      hub.disconnect(({ id }) => ids.has(id));
      return;
    }
    case 'disconnect-matching': {
      const search = command.search.toLowerCase();
      hub.disconnect((view) => fits(view, hub.node, search));
      return;
    }
    case 'look':
      return looks.look(command.query);
  }
}

/** @throws FanwireError `forbidden` */
function assertOperator({ access }: RequestContext): void {
  if (access.mayRead(COMMANDS_CHANNEL)) return;
  throw new FanwireError('forbidden', 'this takes the operator’s token, or one that grants console:*');
}

/** @throws FanwireError `invalid_parameter` with the member's name */
function readCommand(kind: Command['kind'], data: Readonly<Record<string, unknown>>): Command {
  const { withinMs, ids } = data;
  switch (kind) {
    case 'drain': {
      const node = nodeOf(data);
      if (withinMs === undefined) return { kind, node };
      if (typeof withinMs !== 'number' || !(withinMs >= 0 && withinMs <= MAX_WITHIN_MS)) {
        throw invalid('withinMs', `milliseconds, 0 to ${MAX_WITHIN_MS}`);
      }
      return { kind, node, withinMs };
    }
    case 'resume':
      return { kind, node: nodeOf(data) };
    case 'disconnect':
      if (!Array.isArray(ids) || !ids.every(Number.isSafeInteger)) {
        throw invalid('ids', 'a list of connections’ numbers');
      }
      return { kind, node: nodeOf(data), ids };
    case 'disconnect-matching': {
      const search = text(data, 'search').trim();
      // Nobody is to disconnect everyone by an empty field.
      if (search === '') throw invalid('search', 'a text');
      return { kind, search, ...(data.node !== undefined && { node: nodeOf(data) }) };
    }
    case 'look':
      return { kind, query: readQuery(data) };
  }
}
