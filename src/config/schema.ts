import * as v from 'valibot';
import type { Audience, ChannelRule } from '../hub/authorisation/channel-rule.ts';
import { isKeysUrl, KEYS_URL_RULE } from '../hub/authorisation/keys.ts';
import { isOperatorToken, OPERATOR_TOKEN_RULE } from '../hub/authorisation/operator.ts';
import type { Retention } from '../log/log.ts';
import { isChannelName } from '../protocol/channel-name.ts';
import { channelMatcher, channelPatternFault, isChannelPattern } from '../protocol/channel-pattern.ts';
import { DEFAULT_LIMITS } from '../protocol/limits.ts';
import { isMessageType, MESSAGE_TYPE_RULE } from '../protocol/message.ts';
import { isSchema, type StandardSchemaV1 } from '../protocol/standard-schema.ts';
import type { ServerOptions } from '../server/options.ts';
import { isOrigin } from '../server/origin.ts';
import type { WebTransportLimits } from '../server/webtransport-server.ts';
import type { Config } from './config.ts';
import { LOG_URL_RULE, logUrlFault } from './log-url.ts';
import { suggestion } from './nearest.ts';

/*
 * Every schema's message is what it expects, as the end of "found …, expected …".
 */

const flag = v.boolean('true or false');
const text = v.pipe(v.string('a text'), v.nonEmpty('a text that is not empty'));
const callback = v.function('a function, which takes a config file in JavaScript or TypeScript');

function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  return v.custom<number>(
    (input) => Number.isInteger(input) && (input as number) >= min && (input as number) <= max,
    `a whole number, ${range}`,
  );
}

/** An object of these keys and no others. Its `entries` are there for the names of environment variables. */
function section<const E extends v.ObjectEntries>(entries: E, expected = 'an object') {
  const object = v.strictObject(entries, (issue) => {
    if (issue.expected !== 'never') return expected;
    const key = String(issue.path?.at(-1)?.key);
    return `a known key${suggestion(key, Object.keys(entries))}`;
  });
  const refusal = v.custom<v.InferOutput<typeof object>>(() => false, expected);
  // To valibot a list is an object, too.
  return Object.assign(
    v.lazy((input) => (Array.isArray(input) ? refusal : object)),
    { entries },
  );
}

/** An object of settings, or a text or a flag in its place. */
function sectionOr(
  settings: ReturnType<typeof section>,
  other: v.GenericSchema,
  choose: (input: object) => v.GenericSchema = () => settings,
) {
  const schema = v.lazy((input) => (typeof input === 'object' && input !== null ? choose(input) : other));
  return Object.assign(schema, { entries: settings.entries, other });
}

const audience = v.picklist(
  ['anyone', 'authenticated', 'granted', 'nobody'] satisfies Audience[],
  'anyone, authenticated, granted or nobody, or a function',
);

const right = v.lazy((input) => (typeof input === 'function' ? callback : audience));

const retention = {
  count: v.optional(whole(0)),
  ageMs: v.optional(whole(0)),
  bytes: v.optional(whole(0)),
} satisfies Record<keyof Retention, v.GenericSchema>;

const standardSchema = v.custom<StandardSchemaV1>(isSchema, 'a schema that meets https://standardschema.dev');

const messageType = v.custom<string>(
  (key) => typeof key === 'string' && isMessageType(key),
  `a type of message: ${MESSAGE_TYPE_RULE}`,
);

const message = v.lazy((input) => {
  const byType =
    typeof input === 'object' && input !== null && !isSchema(input) && Object.keys(input).length > 0;
  return byType
    ? v.record(messageType, standardSchema)
    : v.custom<StandardSchemaV1>(isSchema, 'a schema, or an object with one for each type of message');
});

const presence = v.lazy((input) =>
  typeof input === 'object' || typeof input === 'function'
    ? standardSchema
    : v.boolean('true, false or a schema'),
);

const channelRule = v.pipe(
  section({
    message: v.optional(message),
    retain: v.optional(section(retention)),
    ephemeral: v.optional(flag),
    read: v.optional(right),
    publish: v.optional(right),
    conflateMs: v.optional(whole(0)),
    sharedWindow: v.optional(flag),
    from: v.optional(flag),
    presence: v.optional(presence),
  } satisfies Record<keyof ChannelRule, v.GenericSchema>),
  v.check(
    ({ ephemeral, retain }) => !ephemeral || !retain?.count,
    'retain.count to be 0 or left out, as the rule is ephemeral',
  ),
);

const channelPattern = v.custom<string>(
  (key) => typeof key === 'string' && isChannelPattern(key),
  ({ input }) => `a channel pattern: ${channelPatternFault(String(input))}`,
);

const channels = v.pipe(
  v.record(channelPattern, channelRule, 'an object of rules by channel pattern'),
  v.check(
    (rules) => hiddenMessage(rules) === undefined,
    ({ input }) => hiddenMessage(input)!,
  ),
);

/** Types take a channel's own rule for its messages; the hub, the first pattern that has one. */
function hiddenMessage(rules: Readonly<Record<string, { readonly message?: unknown }>>): string | undefined {
  const withMessage = Object.keys(rules).filter((pattern) => rules[pattern]?.message);
  for (const [index, name] of withMessage.entries()) {
    const hiding = withMessage.slice(0, index).find((pattern) => channelMatcher(pattern)(name));
    if (hiding !== undefined && isChannelName(name)) {
      return `${name} to come before ${hiding}, whose message would hold for it`;
    }
  }
  return undefined;
}

const jwt = v.pipe(
  section(
    {
      secret: v.optional(
        v.custom<string>(
          (input) => typeof input === 'string' && Buffer.byteLength(input) >= 32,
          'a secret of 32 bytes or more',
        ),
      ),
      publicKey: v.optional(text),
      jwksUrl: v.optional(v.pipe(text, v.check(isKeysUrl, KEYS_URL_RULE))),
      issuer: v.optional(text),
      audience: v.optional(text),
      cookie: v.optional(text),
      urlParameter: v.optional(text),
    },
    'an object or a function',
  ),
  v.check(
    ({ secret, publicKey, jwksUrl }) =>
      [secret, publicKey, jwksUrl].filter((key) => key !== undefined).length === 1,
    'one of secret, publicKey or jwksUrl (or the environment variable FANWIRE_SECRET)',
  ),
);

const limits = section(
  Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, v.optional(whole(1))])),
);

const engineLimit = whole(1, 2 ** 31);

/** Those of the package @fanwire/webtransport, which need not be installed here. */
const webTransportLimits = section({
  sessions: v.optional(engineLimit),
  sessionsPerAddress: v.optional(engineLimit),
  handshakes: v.optional(engineLimit),
  handshakesUnproven: v.optional(engineLimit),
  handshakeMs: v.optional(engineLimit),
  idleMs: v.optional(engineLimit),
  streamsPerSession: v.optional(engineLimit),
  queuedBytesPerStream: v.optional(engineLimit),
} satisfies Record<keyof WebTransportLimits, v.GenericSchema>);

const origin = v.custom<string>(
  (input) => typeof input === 'string' && isOrigin(input),
  'an origin such as https://app.example',
);

const log = v.custom<object>(
  (input) => typeof input === 'object' && input !== null && 'append' in input,
  `${LOG_URL_RULE}, or a log of your own`,
);

const logUrl = v.custom<string>((input) => logUrlFault(input as string) === undefined, LOG_URL_RULE);

const compression = sectionOr(
  section({ thresholdBytes: v.optional(whole(0)), sharedWindow: v.optional(flag) }),
  v.boolean('true, false or an object'),
);

const ENDPOINTS_RULE = 'a list of what graphql() of fanwire/graphql returns, for example';

const endpoint = v.custom<object>(
  (input) => typeof input === 'object' && input !== null && 'open' in input,
  'what graphql() of fanwire/graphql returns, for example',
);

const hubOptions = {
  log: v.optional(v.lazy((input) => (typeof input === 'string' ? logUrl : log))),
  channels: v.optional(channels),
  rememberRightsMs: v.optional(whole(0)),
  authorise: v.optional(
    Object.assign(
      v.lazy((input) => (typeof input === 'function' ? callback : jwt)),
      { entries: jwt.entries },
    ),
  ),
  operatorToken: v.optional(v.custom<string>(isOperatorToken, OPERATOR_TOKEN_RULE)),
  beforePublish: v.optional(callback),
  requests: v.optional(v.record(text, callback, 'an object of functions by method name')),
  onOccupied: v.optional(callback),
  onVacated: v.optional(callback),
  onConnect: v.optional(callback),
  onDisconnect: v.optional(callback),
  onError: v.optional(callback),
  basePath: v.optional(v.pipe(text, v.startsWith('/', 'a path that begins with /'))),
  monitoring: v.optional(flag),
  origins: v.optional(
    v.lazy((input) =>
      Array.isArray(input) ? v.array(origin) : v.literal('*', 'a list of origins, or "*" for all'),
    ),
  ),
  hosts: v.optional(v.array(text, 'a list of host names')),
  trustProxy: v.optional(flag),
  pollCacheSeconds: v.optional(whole(0)),
  compression: v.optional(compression),
  nativeWriter: v.optional(flag),
  heartbeatMs: v.optional(whole(1000, 30_000)),
  stallMs: v.optional(whole(1)),
  presenceLingerMs: v.optional(whole(0)),
  retryMs: v.optional(whole(1)),
  limits: v.optional(limits),
  endpoints: v.optional(v.array(endpoint, ENDPOINTS_RULE)),
} satisfies Record<keyof ServerOptions, v.GenericSchema>;

/** What a program gives `createHub`. */
export const optionsSchema = section(hubOptions);

const pem = v.custom<string | Uint8Array>(
  (input) => (typeof input === 'string' && input.includes('-----BEGIN ')) || input instanceof Uint8Array,
  'a text in PEM; certFile and keyFile name files',
);

const pair = section({ cert: pem, key: pem });
const pairOfFiles = section({ certFile: text, keyFile: text });

const tls = sectionOr(
  pairOfFiles,
  v.literal('self-signed', '"self-signed", or an object with certFile and keyFile'),
  (input) => ('cert' in input || 'key' in input ? pair : pairOfFiles),
);

const webtransport = sectionOr(
  section({ url: v.optional(text), limits: v.optional(webTransportLimits) }),
  v.boolean('true, false or an object'),
);

const listening = {
  // An empty one is any address, which is refused elsewhere unless everyone is welcome.
  host: v.optional(v.string('a text')),
  port: v.optional(whole(0, 65535)),
  anonymous: v.optional(flag),
  tls: v.optional(tls),
  webtransport: v.optional(webtransport),
};

/** What `listen` takes. */
export const listeningSchema = v.pipe(
  section(listening, 'an object with host, port, anonymous, tls and webtransport'),
  v.check(
    ({ tls, webtransport }) => !webtransport || tls !== undefined,
    'tls beside webtransport, which needs a certificate',
  ),
);

/** What a config file may say. */
export const configSchema = section({
  ...hubOptions,
  ...listening,
  graphql: v.optional(flag),
  grpc: v.optional(flag),
  console: v.optional(flag),
} satisfies Record<keyof Config, v.GenericSchema>);
