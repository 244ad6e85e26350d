import type { HubOptions } from '../options.ts';
import { type Access, type Authorise, accessOf, type Credentials, type Grant } from './access.ts';
import { createJwtAuthorise } from './jwt.ts';
import { operatorCheck, withoutOperatorChannels } from './operator.ts';
import type { ResolvedRule } from './rules.ts';

type Options = Pick<HubOptions, 'authorise' | 'operatorToken'>;

/** Knows whose tokens were revoked. */
interface Validity {
  /** Resolves once it knows what there is to know; undefined when it does. */
  readonly reading: Promise<void> | undefined;
  /** @throws FanwireError `unauthenticated` */
  assertValid(grant: Grant): void;
}

/** Who may do what: by the operator's token, by what `authorise` says, or because nobody is asked. */
export class Authorisation {
  /** Whether nobody is asked for a token. */
  readonly open: boolean;
  /** What a client may do that has shown no token: everything, where nobody is asked for one. */
  readonly anonymous: Access;
  readonly #rule: (channel: string) => ResolvedRule;
  readonly #subjects: Validity;
  readonly #authorise: Authorise | undefined;
  readonly #isOperator: (token: string | undefined) => boolean;
  readonly #operator: Access;

  constructor(
    { authorise, operatorToken }: Options,
    rule: (channel: string) => ResolvedRule,
    subjects: Validity,
  ) {
    this.open = authorise === undefined;
    this.#rule = rule;
    this.#subjects = subjects;
    this.#authorise = typeof authorise === 'object' ? createJwtAuthorise(authorise) : authorise;
    const everyone = accessOf(undefined, rule, this.open);
    this.anonymous = operatorToken === undefined ? everyone : withoutOperatorChannels(everyone);
    this.#isOperator = operatorToken === undefined ? () => false : operatorCheck(operatorToken);
    const everything = ['*', 'console:*'];
    this.#operator = accessOf({ subject: 'operator', read: everything, publish: everything }, rule, false);
  }

  /** At once, where nobody has to be asked. @throws FanwireError `unauthenticated` */
  accessOf(credentials: Credentials): Access | Promise<Access> {
    if (this.#isOperator(credentials.token)) return this.#operator;
    return this.#authorise ? this.#ask(this.#authorise, credentials) : this.anonymous;
  }

  async #ask(authorise: Authorise, credentials: Credentials): Promise<Access> {
    const grant = await authorise(credentials);
    const { reading } = this.#subjects;
    if (reading) await reading;
    if (grant) this.#subjects.assertValid(grant);
    return accessOf(grant, this.#rule, false);
  }
}
