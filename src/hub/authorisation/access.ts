import { PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { channelMatcher, channelParameters } from '../../protocol/channel-pattern.ts';
import type { Asker } from './asker.ts';
import { isOperatorChannel } from './operator-channel.ts';
import { GRANTED, type Question, REFUSED, type Right, type RightKind } from './right.ts';
import type { Rights } from './rights.ts';
import type { ResolvedRule } from './rules.ts';

/** What a client may do, as decided on connect and again on every resume. A position grants nothing. */
export interface Grant {
  /** Who it is: shown in presence, handed to hooks. */
  readonly subject?: string;
  /**
   * Channel patterns, or true for every channel. `user.{subject}` is the subject's own channel. Those of the console are only granted
   * by a pattern that names it, `console:*`.
   */
  readonly read?: readonly string[] | true;
  readonly publish?: readonly string[] | true;
  /** Unix milliseconds. After it the connection is closed unless a new token came. */
  readonly expiresAt?: number;
  /** What else is known of it, for the functions of rules: of a JWT all its claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Unix milliseconds: when the token was made. Without it `hub.revoke` ends connections, and who comes back is up to the function. */
  readonly issuedAt?: number;
}

/** By names in small letters. Cookies are one text, as many header fields as they came in. */
export interface RequestHeaders extends Readonly<Record<string, string | readonly string[] | undefined>> {
  readonly cookie?: string | undefined;
}

/** Whom a request comes from, as an authorisation function sees it. */
export interface Credentials {
  /** From the bearer header, the cookie, the WebSocket subprotocol or the first frame. */
  readonly token: string | undefined;
  readonly headers: RequestHeaders;
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
  /**
   * Whether they may, as far as it is known: false for a right that the function of a rule gives, until it has been asked. `right` asks it.
   */
  mayRead(channel: string): boolean;
  mayPublish(channel: string): boolean;
  /** Whether they may: at once, unless a function has to be asked. A promise of it never rejects. */
  right(kind: RightKind, channel: string): Right | Promise<Right>;
}

/** What a hub judges everybody by. */
export interface House {
  readonly ruleOf: (channel: string) => Pick<ResolvedRule, RightKind>;
  /** No authorisation is configured: everyone counts as authenticated and granted everything. */
  readonly open: boolean;
  /** Undefined where no rule has a function. */
  readonly rights?: Rights | undefined;
}

/**
 * Joins what a client was granted with what each channel allows.
 * @param address the client's, for the functions of rules
 */
export function accessOf(grant: Grant | undefined, house: House, address = ''): Access {
  const { ruleOf, open, rights } = house;
  const subject = grant?.subject;
  const authenticated = open || grant !== undefined;
  const granted = {
    read: open ? always : anyOf(grant?.read, subject),
    publish: open ? always : anyOf(grant?.publish, subject),
  };
  // Claims are kept with the connection: not where nobody asks for them.
  const asker: Asker | undefined = rights && { subject, claims: grant?.claims ?? NO_CLAIMS, address };

  function judge<Unknown>(
    kind: RightKind,
    named: string,
    answerOf: (asker: Asker, question: Question) => Right | Unknown,
  ): Right | Unknown {
    const isPresence = named.endsWith(PRESENCE_SUFFIX);
    // Only the hub itself tells of joins and leaves.
    if (isPresence && kind === 'publish') return REFUSED;
    // Who is on a channel is for whoever may read it.
    const channel = isPresence ? named.slice(0, -PRESENCE_SUFFIX.length) : named;
    const { audience, params } = ruleOf(channel)[kind];
    if (params.subject !== undefined && params.subject !== subject) return REFUSED;
    switch (audience) {
      case 'anyone':
        return GRANTED;
      case 'authenticated':
        return authenticated ? GRANTED : REFUSED;
      case 'granted':
        return granted[kind](channel) ? GRANTED : REFUSED;
      case 'nobody':
        return REFUSED;
    }
    return answerOf(asker!, { kind, channel, params, ask: audience });
  }

  const ask = (asker: Asker, question: Question) => rights!.right(asker, question);
  const recall = (asker: Asker, question: Question) => rights!.known(asker, question);
  const isKnown = (kind: RightKind, channel: string) => judge(kind, channel, recall)?.granted ?? false;

  return {
    subject,
    expiresAt: grant?.expiresAt,
    issuedAt: grant?.issuedAt,
    authenticated,
    mayRead: (channel) => isKnown('read', channel),
    mayPublish: (channel) => isKnown('publish', channel),
    right: (kind, channel) => judge(kind, channel, ask),
  };
}

const NO_CLAIMS: Asker['claims'] = {};

function anyOf(
  patterns: readonly string[] | true | undefined,
  subject: string | undefined,
): (channel: string) => boolean {
  const listed = patterns === true ? ['*'] : (patterns ?? []);
  const matcherOf = (pattern: string) => grantMatcher(pattern, subject);
  const matchers = listed.map(matcherOf);
  const operatorMatchers = listed.filter(isOperatorChannel).map(matcherOf);
  return (channel) =>
    (isOperatorChannel(channel) ? operatorMatchers : matchers).some((matches) => matches(channel));
}

/** The parameter called `subject` is whoever the grant is for. */
function grantMatcher(pattern: string, subject: string | undefined): (channel: string) => boolean {
  if (!pattern.includes('{subject}')) return channelMatcher(pattern);
  const parametersIn = channelParameters(pattern);
  return (channel) => subject !== undefined && parametersIn(channel)?.subject === subject;
}

function always(): boolean {
  return true;
}
