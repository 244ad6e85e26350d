import type { FanwireError } from '../../protocol/errors.ts';

/** What a rule lets somebody do with a channel. */
export type RightKind = 'read' | 'publish';

/** Who asks for a right to which channel, as the function of a rule is told. */
export interface RightRequest {
  /** Undefined for whoever has shown no token, or one without a subject. */
  readonly subject: string | undefined;
  /** Those of the token, or the `claims` of the grant that `authorise` gave. Empty without either. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** For the presence of a channel it is the channel itself. */
  readonly channel: string;
  /** What the parameters of the rule's pattern stand for: `{room: 'lobby'}` for `chat.{room}` and `chat.lobby`. */
  readonly params: Readonly<Record<string, string>>;
  /** The client's network address. */
  readonly address: string;
}

/** Whether they may. `until`, in Unix milliseconds: they may for so long, and are asked for again after it. */
export type RightAnswer = boolean | { readonly until: number };

/**
 * Decides who may read a channel, or publish to it. It is not asked for each client and message: its answer holds for all clients
 * that do not differ in what the function looks at, of `subject`, `claims` and `address`, and is remembered.
 *
 * A FanwireError that it throws is a refusal, which the client is told of as it is. Anything else that it throws is a fault: told to
 * `onError`, while the client hears `authorisation_unavailable`.
 */
// The type of a method, not of a function: a parameter may then name the claims that its tokens have.
export type AskRight = {
  ask(request: RightRequest): RightAnswer | Promise<RightAnswer>;
}['ask'];

/** What the function of a rule is asked. */
export interface Question {
  readonly kind: RightKind;
  readonly channel: string;
  readonly params: Readonly<Record<string, string>>;
  readonly ask: AskRight;
}

/** What came of asking for a right. */
export type Right = Granted | Refused;

interface Granted {
  readonly granted: true;
  /** When it is to be asked for again, in Unix milliseconds; undefined for as long as nobody says otherwise. */
  readonly until: number | undefined;
}

export interface Refused {
  readonly granted: false;
  /** What the function has to say about it. */
  readonly error: FanwireError | undefined;
}

export const GRANTED: Granted = { granted: true, until: undefined };
export const REFUSED: Refused = { granted: false, error: undefined };
