import type { HubOptions } from '../options.ts';
import { type Access, type Authorise, accessOf, type Credentials, type Grant, type House } from './access.ts';
import { createJwtAuthorise } from './jwt.ts';
import { operatorAccess, operatorCheck, withoutOperatorChannels } from './operator.ts';

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
  /** What a client may do that has shown no token: everything, where nobody is asked for one. No function of a rule knows its address. */
  readonly anonymous: Access;
  readonly #house: House;
  readonly #subjects: Validity;
  readonly #authorise: Authorise | undefined;
  readonly #isOperator: (token: string | undefined) => boolean;
  readonly #operator: Access;
  readonly #hasOperator: boolean;

  constructor(
    { authorise, operatorToken }: Options,
    { ruleOf, rights }: Pick<House, 'ruleOf' | 'rights'>,
    subjects: Validity,
  ) {
    this.#house = { ruleOf, rights, open: authorise === undefined };
    this.#subjects = subjects;
    this.#authorise = typeof authorise === 'object' ? createJwtAuthorise(authorise) : authorise;
    this.#hasOperator = operatorToken !== undefined;
    this.#isOperator = operatorToken === undefined ? () => false : operatorCheck(operatorToken);
    this.#operator = operatorAccess(ruleOf);
    this.anonymous = this.#everyone('');
  }

  /** Whether nobody is asked for a token. */
  get open(): boolean {
    return this.#house.open;
  }

  /** At once, where nobody has to be asked. @throws FanwireError `unauthenticated` */
  accessOf(credentials: Credentials): Access | Promise<Access> {
    if (this.#isOperator(credentials.token)) return this.#operator;
    if (this.#authorise) return this.#ask(this.#authorise, credentials);
    return this.#house.rights ? this.#everyone(credentials.address) : this.anonymous;
  }

  async #ask(authorise: Authorise, credentials: Credentials): Promise<Access> {
    const grant = await authorise(credentials);
    const { reading } = this.#subjects;
    if (reading) await reading;
    if (grant) this.#subjects.assertValid(grant);
    return accessOf(grant, this.#house, credentials.address);
  }

  #everyone(address: string): Access {
    const access = accessOf(undefined, this.#house, address);
    return this.#hasOperator ? withoutOperatorChannels(access) : access;
  }
}
