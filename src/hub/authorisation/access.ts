import { PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { channelMatcher } from '../../protocol/channel-pattern.ts';
import type { Audience } from './channel-rule.ts';
import { isOperatorChannel } from './operator-channel.ts';
import type { ResolvedRule } from './rules.ts';

/** What a client may do, as decided on connect and again on every resume. A position grants nothing. */
export interface Grant {
  /** Who it is: shown in presence, handed to hooks. */
  readonly subject?: string;
  /** Channel patterns, or true for every channel. Those of the console are only granted by a pattern that names it, `console:*`. */
  readonly read?: readonly string[] | true;
  readonly publish?: readonly string[] | true;
  /** Unix milliseconds. After it the connection is closed unless a new token came. */
  readonly expiresAt?: number;
  /** Unix milliseconds: when the token was made. Without it `hub.revoke` ends connections, and who comes back is up to the function. */
  readonly issuedAt?: number;
}

/** Whom a request comes from, as an authorisation function sees it. */
export interface Credentials {
  /** From the bearer header, the cookie, the WebSocket subprotocol or the first frame. */
  readonly token: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The client's network address. */
  readonly address: string;
}

/**
 * Decides what a client may do. Undefined means nobody in particular: it may what rules allow to
 * anyone.
 * @throws FanwireError `unauthenticated` for a token that is not valid
 */
export type Authorise = (credentials: Credentials) => Grant | undefined | Promise<Grant | undefined>;

/** A grant ready to be asked. */
export interface Access {
  readonly subject: string | undefined;
  readonly expiresAt: number | undefined;
  readonly issuedAt: number | undefined;
  /** Whether a token was accepted: what it does not grant, another of the same client would not either. */
  readonly authenticated: boolean;
  mayRead(channel: string): boolean;
  mayPublish(channel: string): boolean;
}

/**
 * Joins what a client was granted with what each channel allows.
 * @param open no authorisation is configured: everyone counts as authenticated and granted everything
 */
export function accessOf(
  grant: Grant | undefined,
  ruleOf: (channel: string) => Pick<ResolvedRule, 'read' | 'publish'>,
  open: boolean,
): Access {
  const authenticated = open || grant !== undefined;
  const readGranted = open ? always : anyOf(grant?.read);
  const publishGranted = open ? always : anyOf(grant?.publish);

  function belongs(audience: Audience, granted: (channel: string) => boolean, channel: string): boolean {
    switch (audience) {
      case 'anyone':
        return true;
      case 'authenticated':
        return authenticated;
      case 'granted':
        return granted(channel);
      case 'nobody':
        return false;
    }
  }

  return {
    subject: grant?.subject,
    expiresAt: grant?.expiresAt,
    issuedAt: grant?.issuedAt,
    authenticated,
    mayRead(channel) {
      // Who is on a channel is for whoever may read it.
      const asked = withoutPresenceSuffix(channel);
      return belongs(ruleOf(asked).read, readGranted, asked);
    },
    mayPublish(channel) {
      // Only the hub itself tells of joins and leaves.
      return !channel.endsWith(PRESENCE_SUFFIX) && belongs(ruleOf(channel).publish, publishGranted, channel);
    },
  };
}

function anyOf(patterns: readonly string[] | true | undefined): (channel: string) => boolean {
  const listed = patterns === true ? ['*'] : (patterns ?? []);
  const matchers = listed.map(channelMatcher);
  const operatorMatchers = listed.filter(isOperatorChannel).map(channelMatcher);
  return (channel) =>
    (isOperatorChannel(channel) ? operatorMatchers : matchers).some((matches) => matches(channel));
}

function always(): boolean {
  return true;
}

function withoutPresenceSuffix(channel: string): string {
  return channel.endsWith(PRESENCE_SUFFIX) ? channel.slice(0, -PRESENCE_SUFFIX.length) : channel;
}
