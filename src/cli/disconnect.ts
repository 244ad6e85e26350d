import { randomUUID } from 'node:crypto';
import type { ServerFrame } from '../protocol/frames.ts';
import { type Command, readArguments } from './command.ts';
import { Failure, usageFailure } from './failure.ts';
import { HUB_OPTIONS, HUB_OPTIONS_HELP, hubUrl, tokenOf } from './hub-address.ts';
import { ask } from './post.ts';

export const disconnect: Command = {
  summary: 'end the connections of a user',
  help: `fanwire disconnect --subject NAME [--revoke] [--issued-before TIME] [--url URL] [--token TOKEN]

Ends all connections of a subject, on every node of the hub. Takes the operator's token, or one that grants console:*.

  --subject NAME      whose: the claim "sub" of the tokens
  --revoke            refuse the tokens issued so far, too; without it the clients come back
  --issued-before TIME
                      with --revoke: those issued before, such as 2026-01-31T12:00:00Z (default: now)
${HUB_OPTIONS_HELP}

  fanwire disconnect --subject ada --revoke`,

  async run(args) {
    const { values } = readArguments(args, {
      ...HUB_OPTIONS,
      subject: { type: 'string' },
      revoke: { type: 'boolean' },
      'issued-before': { type: 'string' },
    });
    const { subject, revoke = false } = values;
    if (subject === undefined) throw usageFailure('--subject NAME is missing');
    const issuedBefore = timeOf(values['issued-before'], revoke);
    const method = revoke ? 'fanwire:revoke' : 'fanwire:disconnect';
    const data = { subject, ...(issuedBefore === undefined ? {} : { issuedBefore }) };
    const answer: readonly ServerFrame[] = await ask({
      url: new URL(`${hubUrl(values.url)}/connect`),
      token: tokenOf(values.token),
      contentType: 'application/json',
      body: JSON.stringify([{ hello: { client: randomUUID() } }, { ref: 1, request: { method, data } }]),
    });
    const refused = answer.find((frame) => 'error' in frame);
    if (refused) throw new Failure(`${refused.error.detail} (${refused.error.code})`);
    console.log(revoke ? `${subject}: tokens refused, connections ended` : `${subject}: connections ended`);
  },
};

function timeOf(text: string | undefined, revoke: boolean): number | undefined {
  if (text === undefined) return undefined;
  if (!revoke) throw usageFailure('--issued-before goes with --revoke');
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw usageFailure(`--issued-before takes a time such as 2026-01-31T12:00:00Z, not ${text}`);
  return time;
}
