import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { channelPatternFault } from '../protocol/channel-pattern.ts';
import { type Command, readArguments } from './command.ts';
import { usageFailure } from './failure.ts';

/** RFC 7518 section 3.2: an HS256 key has to be as long as the hash. */
const SECRET_BYTES = 32;

export const token: Command = {
  summary: 'make a token for development',
  help: `fanwire token [--read PATTERN] [--publish PATTERN] [--subject NAME] [--expires 1h] [--secret SECRET]

Prints a JWT (HS256) for a hub that accepts tokens of this secret. A pattern is a channel name
in which * stands for any characters, and {name} for one or more without . and :. Give several
with commas, or repeat the option.

  --read PATTERN      channels that may be read
  --publish PATTERN   channels that may be published to
  --subject NAME      who it is: shown in presence, handed to hooks
  --expires TIME      30s, 15m, 1h or 7d (default: 1h)
  --secret SECRET     32 bytes or more; better set FANWIRE_SECRET. Without either, one is made and shown.

  fanwire token --read 'scores,chat.*' --publish 'chat.*'`,

  async run(args) {
    const { values } = readArguments(args, {
      read: { type: 'string', multiple: true },
      publish: { type: 'string', multiple: true },
      subject: { type: 'string' },
      expires: { type: 'string', default: '1h' },
      secret: { type: 'string' },
    });
    const read = patterns(values.read);
    const publish = patterns(values.publish);
    if (read.length + publish.length === 0) {
      throw usageFailure(
        'a token that grants nothing is of no use: give --read PATTERN, --publish PATTERN or both',
      );
    }
    if (!/^[1-9]\d{0,5}[smhd]$/.test(values.expires)) {
      throw usageFailure(`--expires takes a time such as 30s, 15m, 1h or 7d, not ${values.expires}`);
    }
    const jwt = new SignJWT({ fanwire: { read, publish } })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime(values.expires);
    if (values.subject !== undefined) jwt.setSubject(values.subject);
    console.log(await jwt.sign(new TextEncoder().encode(secretOf(values.secret))));
  },
};

function patterns(options: readonly string[] = []): string[] {
  const list = options.flatMap((option) => option.split(',')).map((pattern) => pattern.trim());
  for (const pattern of list) {
    const fault = channelPatternFault(pattern);
    if (fault !== undefined) throw usageFailure(`${JSON.stringify(pattern)} is no pattern: ${fault}`);
  }
  return list;
}

function secretOf(option: string | undefined): string {
  const given = option ?? process.env.FANWIRE_SECRET;
  if (given === undefined) {
    const made = randomBytes(SECRET_BYTES).toString('base64url');
    console.error(
      `Made a secret for it. A hub that accepts the token:\n  FANWIRE_SECRET=${made} fanwire serve`,
    );
    return made;
  }
  if (Buffer.byteLength(given) < SECRET_BYTES) {
    throw usageFailure(
      `the secret has ${Buffer.byteLength(given)} bytes, and HS256 needs ${SECRET_BYTES} or more`,
    );
  }
  return given;
}
