import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { LOG_URL_RULE, logAt, logUrlFault } from '../config/log-url.ts';
import { type COMMAND_VARIABLES, ownVariables, strayVariables } from '../config/variables.ts';
import { COMPUTER_CHANNEL } from '../console/computer.ts';
import type { Log } from '../log/log.ts';
import { assertSafeAddress } from '../server/safe-address.ts';
import type { Certificate, TlsOptions } from '../server/tls/certificate.ts';
import { certificateOf } from '../server/tls/certificate-of.ts';
import { fingerprintOf } from '../server/tls/key-pair.ts';
import { type Command, readArguments, readNumber } from './command.ts';
import { Failure, usageFailure } from './failure.ts';
import { startNode } from './node.ts';
import { isConsoleOpen, keepOperatorToken, makeOperatorToken, OPERATOR_TOKEN } from './operator.ts';
import { tlsOption } from './tls-option.ts';
import { certificateOfPrimary } from './worker-certificate.ts';
import { runWorkers } from './workers.ts';

const MAX_WORKERS = 1024;

export const serve: Command = {
  summary: 'run a hub',
  help: `fanwire serve [--host HOST] [--port PORT] [--config FILE] [--log LOG] [--workers N]
              [--tls-cert FILE --tls-key FILE | --tls self-signed] [--webtransport] [--graphql]
              [--grpc] [--anonymous] [--no-console]

  --host HOST         address to listen on (default: 127.0.0.1)
  --port PORT         0 takes any free port (default: 8080)
  --config FILE       .json, .js, .mjs, .ts or .mts; options given here override it
  --log LOG           where messages are kept: memory (the default), lmdb:DIR, redis://HOST, rediss://HOST or
                      nats://HOST
  --workers N         so many processes behind the one port, over a log that they share (default: 1)
  --tls-cert FILE     HTTPS, with HTTP/2 and HTTP/1.1, by this certificate in PEM, with those that lead to its CA
  --tls-key FILE      its key; both are read again when they change
  --tls self-signed   the same by a certificate for loopback, made here and renewed
  --webtransport      WebTransport as well, at the port of UDP that has the same number; needs one of the three above, and
                      npm install @fanwire/webtransport
  --graphql           GraphQL as well, at /graphql: over HTTP, as server-sent events and over WebSockets; needs
                      npm install graphql
  --grpc              gRPC, gRPC-Web and Connect as well, at the same port; needs
                      npm install @connectrpc/connect @bufbuild/protobuf
  --anonymous         everyone may read and publish, on an address that other computers can reach, too
  --no-console        no page at /

Every option of a config file that is no function can be given by a variable of the environment, such as FANWIRE_PORT,
FANWIRE_ORIGINS or FANWIRE_LIMITS_MESSAGE_BYTES (docs/configuration.md lists them), and so can FANWIRE_CONFIG and
FANWIRE_WORKERS. The command line overrides the environment, and the environment the file.

FANWIRE_SECRET makes the hub ask for tokens signed with that secret; fanwire token makes them.
FANWIRE_OPERATOR_TOKEN is the operator's token, for the page at /. Unless only this computer can reach the hub and nobody
is asked for tokens, there has to be one: without the variable one is made at each start, and shown on a terminal; else the
name of a file is, which holds it and which only this user may read.`,

  async run(args) {
    const { values } = readArguments(args, {
      host: { type: 'string' },
      port: { type: 'string' },
      config: { type: 'string' },
      log: { type: 'string' },
      workers: { type: 'string' },
      tls: { type: 'string' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      webtransport: { type: 'boolean' },
      graphql: { type: 'boolean' },
      grpc: { type: 'boolean' },
      anonymous: { type: 'boolean' },
      'no-console': { type: 'boolean' },
    });
    const given = await configOf(values.config ?? variable('FANWIRE_CONFIG'));
    const host = values.host ?? given.host ?? '127.0.0.1';
    const withPage = !values['no-console'] && (given.console ?? true);
    const open = given.operatorToken === undefined && isConsoleOpen(host, given);
    const made = withPage && given.operatorToken === undefined && !open ? makeOperatorToken() : undefined;
    const config = {
      ...given,
      ...(made !== undefined && { operatorToken: made }),
      ...(values.graphql && { graphql: true }),
      ...(values.grpc && { grpc: true }),
    };
    const port =
      values.port === undefined ? (config.port ?? 8080) : readNumber('--port', values.port, 0, 65535);
    const anonymous = values.anonymous ?? config.anonymous ?? false;

    assertSafeAddress(host, { authorise: config.authorise, anonymous });
    const log = logOf(values.log ?? config.log ?? 'memory');
    const workers = workersOf(values.workers);
    const tls = tlsOption(values) ?? config.tls;
    if (workers > 1 && !log.capabilities.shared) {
      throw usageFailure(
        `${workers} workers need a log that they share, and ${log.capabilities.name} is each one's own: ` +
          'choose one with --log, such as lmdb:DIR',
      );
    }
    const isOne = workers === 1;
    const webtransport = values.webtransport ?? config.webtransport ?? false;
    if (webtransport && !tls)
      throw usageFailure('--webtransport needs a certificate: --tls-cert and --tls-key, or --tls');
    // A socket of UDP is not shared as one of TCP is: who sends to it has to find the process that knows the connection.
    if (webtransport && !isOne) throw usageFailure('--webtransport takes one process: leave out --workers');
    // Files are read by each worker; what is made is made once.
    const certificate =
      certificateOfPrimary() ??
      (tls && (isOne || cluster.isWorker || tls === 'self-signed') ? certificateFor(tls, config) : undefined);
    const greetFrom = ({ address, family, port }: AddressInfo) => {
      const url = `${tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
      const sha256 = tls === 'self-signed' ? certificate && fingerprintOf(certificate.pair) : undefined;
      greet(url, sha256, config.basePath ?? '/', withPage ? { open, made } : undefined);
    };
    if (!isOne && cluster.isPrimary) {
      if (made !== undefined) process.env[OPERATOR_TOKEN] = made;
      return runWorkers(workers, greetFrom, certificate);
    }

    const address = await startNode({ config, host, port, log, withPage, certificate, webtransport });
    if (cluster.isPrimary) greetFrom(address);
  },
};

function logOf(named: string | Log): Log {
  if (typeof named === 'object') return named;
  const fault = logUrlFault(named);
  if (fault) throw usageFailure(`--log: ${fault}; it takes ${LOG_URL_RULE}`);
  return logAt(named);
}

function workersOf(option: string | undefined): number {
  if (option !== undefined) return readNumber('--workers', option, 1, MAX_WORKERS);
  const given = variable('FANWIRE_WORKERS');
  return given === undefined ? 1 : readNumber('FANWIRE_WORKERS', given, 1, MAX_WORKERS);
}

/** An empty one is a fault, of which `configOf` tells. */
function variable(name: (typeof COMMAND_VARIABLES)[number]): string | undefined {
  return process.env[name] || undefined;
}

async function configOf(file: string | undefined): Promise<Config> {
  const checked = await loadConfig(file, process.env);
  if (cluster.isPrimary) {
    const { others } = strayVariables(ownVariables(process.env).keys());
    for (const sentence of others) console.error(`fanwire: ${sentence}`);
  }
  if (checked.ok) return checked.config;
  throw new Failure([`${file ?? 'the environment'} can't be served:`, ...checked.faults].join('\n  '));
}

/** Says a word at each that takes the place of one that was made here. */
function certificateFor(tls: TlsOptions, { onError = console.error }: Config): Certificate {
  const certificate = certificateOf(tls, onError);
  if (tls === 'self-signed') {
    certificate.follow((pair) =>
      console.log(`fanwire has a new certificate\n  sha256   ${fingerprintOf(pair)}`),
    );
  }
  return certificate;
}

/**
 * @param sha256 of a certificate that nobody has signed for others to know
 * @param page `made`: an operator's token that nobody has yet
 */
function greet(
  url: string,
  sha256: string | undefined,
  basePath: string,
  page: { readonly open: boolean; readonly made: string | undefined } | undefined,
): void {
  const curl = sha256 === undefined ? 'curl' : 'curl -k';
  const channels = `${url}${basePath.replace(/\/$/, '')}/channels`;
  console.log(`fanwire listens on ${url}`);
  const watched = page?.open ? COMPUTER_CHANNEL : 'hello';
  console.log(`  watch    ${curl} -N -H 'Accept: text/event-stream' ${channels}/${watched}`);
  console.log(`  publish  ${curl} --json '{"hello":"world"}' ${channels}/hello`);
  if (sha256 !== undefined) console.log(`  sha256   ${sha256}`);
  if (!page) return;
  const { made } = page;
  // What is no terminal is mostly a log, which is kept and read by others.
  const shown = made !== undefined && process.stdout.isTTY;
  console.log(`  console  ${url}/${shown ? `#token=${made}` : ''}`);
  if (made !== undefined && !shown) console.log(`  token    cat ${keepOperatorToken(made)}`);
}
