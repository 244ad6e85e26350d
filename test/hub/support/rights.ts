import type { TestContext } from 'node:test';
import { SignJWT } from 'jose';
import type { AskRight, FanwireHub, HubOptions, RightAnswer, RightRequest } from '../../../src/index.ts';
import { startHub, type TestHub } from '../../support/hub.ts';

const SECRET = 'a secret of thirty-two bytes or more';

export async function tokenOf(subject: string, claims = {}): Promise<string> {
  return new SignJWT({ sub: subject, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

export async function bearer(subject: string, claims = {}): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenOf(subject, claims)}` };
}

/** Who may enter which room: what an application has in its database. */
export class Members {
  /** `read lobby ada`, in the order in which it was asked. */
  readonly asked: string[] = [];
  readonly #members = new Set<string>();

  /** @param members as `lobby ada` */
  constructor(...members: string[]) {
    for (const member of members) this.#members.add(member);
  }

  add(member: string): void {
    this.#members.add(member);
  }

  remove(member: string): void {
    this.#members.delete(member);
  }

  /** Resolves once something has been asked so often. */
  async untilAsked(what: string, times: number): Promise<void> {
    while (this.asked.filter((asked) => asked === what).length < times) await new Promise(setImmediate);
  }

  /** @param answer what is said of a member */
  right(kind: string, answer: () => RightAnswer = () => true): AskRight {
    return async ({ subject, params }: RightRequest) => {
      const member = `${params.room} ${subject}`;
      const said = this.#members.has(member) ? answer() : false;
      this.asked.push(`${kind} ${member}`);
      // As a database takes its time.
      await new Promise(setImmediate);
      return said;
    };
  }

  rule(answer?: () => RightAnswer): NonNullable<HubOptions['channels']> {
    return { 'room.{room}': { read: this.right('read', answer), publish: this.right('publish', answer) } };
  }
}

/** A hub that takes tokens, and whose rooms are for their members. */
export function startRooms(
  t: TestContext,
  members: Members,
  options: HubOptions = {},
  answer?: () => RightAnswer,
): Promise<TestHub> {
  return startHub(t, { authorise: { secret: SECRET }, channels: members.rule(answer), ...options });
}

/** Resolves once so many connections are open. */
export async function untilOpen(hub: FanwireHub, count: number): Promise<void> {
  while (hub.connections().filter(({ channels }) => channels.length > 0).length < count) {
    await new Promise(setImmediate);
  }
}
