import { FanwireError } from '../../protocol/errors.ts';
import type { Access } from './access.ts';
import type { Refused, Right, RightKind } from './right.ts';

/**
 * Passes at once, as undefined, unless the function of a rule has to be asked: a promise for nothing is felt in a poll.
 * @throws FanwireError `forbidden`, `unauthenticated`, naming the channel; `authorisation_unavailable`, or what the function threw
 */
export function checkRead(access: Access, channels: readonly string[]): Promise<void> | undefined {
  let asked: [channel: string, right: Promise<Right>][] | undefined;
  for (const channel of channels) {
    const right = access.right('read', channel);
    if (right instanceof Promise) (asked ??= []).push([channel, right]);
    else assertGranted(right, access, 'read', channel);
  }
  return asked && assertAllGranted(asked, access, 'read');
}

/** The same for publishing. @throws FanwireError likewise */
export function checkPublish(access: Access, channel: string): Promise<void> | undefined {
  const right = access.right('publish', channel);
  if (right instanceof Promise) return assertAllGranted([[channel, right]], access, 'publish');
  assertGranted(right, access, 'publish', channel);
  return undefined;
}

/** What a client is told that may not do something with a channel: with a token that it is not granted, without one that one is needed. */
export function forbidden(access: Access, kind: RightKind, channel: string, right: Refused): FanwireError {
  if (right.error) return right.error;
  const action = `${kind === 'read' ? 'read' : 'publish to'} ${channel}`;
  if (access.authenticated) {
    return new FanwireError('forbidden', `not allowed to ${action}: neither its rule nor a grant allows it`);
  }
  return new FanwireError('unauthenticated', `to ${action} takes a token or a session that allows it`);
}

function assertGranted(right: Right, access: Access, kind: RightKind, channel: string): void {
  if (!right.granted) throw forbidden(access, kind, channel, right);
}

async function assertAllGranted(
  asked: readonly (readonly [channel: string, right: Promise<Right>])[],
  access: Access,
  kind: RightKind,
): Promise<void> {
  for (const [channel, right] of asked) assertGranted(await right, access, kind, channel);
}
