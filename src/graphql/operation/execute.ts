import { type ExecutionResult, execute, GraphQLError, type GraphQLResolveInfo, subscribe } from 'graphql';
import { checkRead } from '../../hub/authorisation/check-rights.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Start } from '../../protocol/start.ts';
import { FROM_NOW } from '../../protocol/start.ts';
import { namedChannels, startGiven } from '../../server/channel-url.ts';
import type { Caller } from '../../transports/caller.ts';
import { requestErrors, toldErrors } from '../errors.ts';
import { SCHEMA } from '../schema.ts';
import type { Operation } from './documents.ts';
import { type MessagesArguments, messages } from './messages.ts';
import { type PublishArguments, publish } from './publish.ts';
import { type Selection, selectionOf } from './selection.ts';

/** Whom an operation is executed for. */
export interface OperationContext {
  readonly hub: Hub;
  readonly caller: Caller;
}

/** What a subscription asks for. */
export interface AskedSubscription {
  readonly channels: readonly string[];
  readonly start: Start;
  readonly selection: Selection;
}

export type Begun =
  | { readonly kind: 'subscribed'; readonly asked: AskedSubscription }
  /** Nothing was begun. */
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

interface SubscriptionArguments {
  readonly names: readonly string[];
  readonly after?: string | null;
  readonly last?: number | null;
}

interface Asking extends OperationContext {
  asked?: AskedSubscription;
}

/** The resolvers, for graphql-js to call. */
const ROOT = {
  messages: (args: MessagesArguments, context: OperationContext) => messages(args, context),
  publish: (args: PublishArguments, context: OperationContext) => publish(args, context),
  async channel({ names, after, last }: SubscriptionArguments, context: Asking, info: GraphQLResolveInfo) {
    const { hub, caller } = context;
    const channels = namedChannels(names, hub.limits);
    await checkRead(caller.access, channels);
    context.asked = { channels, start: startGiven(after, last) ?? FROM_NOW, selection: selectionOf(info) };
    return NOTHING;
  },
};

/** In place of events: those come from the hub's own delivery, encoded once for all who want the same of them. */
const NOTHING: AsyncIterableIterator<never> = {
  [Symbol.asyncIterator]: () => NOTHING,
  next: async () => ({ done: true, value: undefined }),
  return: async () => ({ done: true, value: undefined }),
};

/** Executes a query or a mutation. */
export async function answerOperation(
  operation: Operation,
  context: OperationContext,
): Promise<ExecutionResult> {
  const result = await execute(argumentsOf(operation, context));
  return result.errors ? { ...result, errors: toldErrors(context.hub, result.errors) } : result;
}

/** Asks what a subscription is for, and whether it may be. */
export async function beginSubscription(
  operation: Operation,
  { hub, caller }: OperationContext,
): Promise<Begun> {
  const asking: Asking = { hub, caller };
  try {
    const result = await subscribe(argumentsOf(operation, asking));
    if ('errors' in result) return { kind: 'refused', errors: toldErrors(hub, result.errors!) };
  } catch (error) {
    return { kind: 'refused', errors: requestErrors(hub, error) };
  }
  if (asking.asked) return { kind: 'subscribed', asked: asking.asked };
  return { kind: 'refused', errors: [new GraphQLError('the subscription asks for no field')] };
}

function argumentsOf({ document, operationName, variables }: Operation, contextValue: OperationContext) {
  return {
    schema: SCHEMA,
    document,
    rootValue: ROOT,
    contextValue,
    variableValues: variables,
    operationName: operationName ?? null,
  };
}
