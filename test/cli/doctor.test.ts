import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { examine as examineHub } from '../../src/cli/doctor/examine.ts';
import type { Fault as Finding } from '../../src/doctor/finding.ts';
import { bestWire, exitCodeOf, judge } from '../../src/doctor/judge.ts';
import { type RuleOptions, startMiddlebox } from '../../src/lab/middlebox/middlebox.ts';
import { accepts, isUpgrade, type RequestHead } from '../../src/lab/middlebox/request-head.ts';
import type { Treatment } from '../../src/lab/middlebox/treatments.ts';
import { direct } from '../../src/lab/networks/direct.ts';
import type { Network } from '../../src/lab/networks/network.ts';
import { NETWORKS } from '../../src/lab/networks/networks.ts';
import { udpBlocked } from '../../src/lab/networks/udp-blocked.ts';
import { startNodes } from '../../src/lab/nodes.ts';
import { setUp } from '../../src/lab/scene.ts';
import { makeCertificates } from '../../src/lab/tls.ts';
import { provideWebTransport } from '../../src/lab/web-transport.ts';
import { runCli, startServe } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { nginxCommand, nginxScratch } from '../support/nginx.ts';
import { onEnd } from '../support/on-end.ts';
import { answer, cutWhenIdle, late, muteUpgrade } from '../support/proxy/faults.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { startWebProxy } from '../support/web-proxy.ts';
import { PROXIES } from '../world/proxies/proxies.ts';

const SECRET = 'a secret of thirty-two characters';

async function examine(url: string, token?: string, holdMs = 1000, patienceMs = 4000) {
  const channel = 'fanwire-doctor.test';
  const readings = await examineHub({ url, token, channel, holdMs, patienceMs });
  const diagnosis = judge(readings);
  return {
    readings,
    notes: diagnosis.notes,
    faults: diagnosis.findings.map(({ fault }) => fault),
    exitCode: exitCodeOf(readings, diagnosis),
    uses: bestWire(readings),
  };
}

function withHeader(name: string, value?: string): Treatment {
  const isIt = (line: string) => line.toLowerCase().startsWith(`${name}:`);
  return ({ client, forward }) => {
    forward((head) => ({
      ...head,
      lines: [
        ...head.lines.filter((line) => !isIt(line)),
        ...(value === undefined ? [] : [`${name}: ${value}`]),
      ],
    })).pipe(client);
  };
}

/** Keeps every answer to a GET for ever, whatever the hub says. */
function cacheAll(): Treatment {
  const kept = new Map<string, Buffer>();
  return ({ head, client, forward }) => {
    const known = kept.get(head.target);
    if (known) {
      client.end(known);
      return;
    }
    const parts: Buffer[] = [];
    const upstream = forward();
    upstream.on('data', (part: Buffer) => parts.push(part));
    upstream.on('end', () => {
      const whole = Buffer.concat(parts);
      kept.set(head.target, whole);
      client.end(whole);
    });
  };
}

function refuseLarge(maxBytes: number): Treatment {
  const refuse = answer(413);
  return (exchange) => {
    if (Number(exchange.head.headers['content-length'] ?? 0) > maxBytes) refuse(exchange);
    else exchange.forward().pipe(exchange.client);
  };
}

const isStream = (head: RequestHead) =>
  accepts('text/event-stream')(head) || accepts('application/x-ndjson')(head);
const isGet = ({ method, headers }: RequestHead) => method === 'GET' && headers.upgrade === undefined;

interface Case {
  readonly what: string;
  readonly fault: Treatment;
  readonly when?: RuleOptions['when'];
  readonly faults: readonly Finding[];
  readonly holdMs?: number;
  readonly exitCode?: number;
  readonly uses: string | undefined;
}

const CASES: readonly Case[] = [
  { what: 'nothing wrong', fault: withHeader('x-nothing'), faults: [], exitCode: 0, uses: 'websocket' },
  {
    what: 'upgrades are forbidden',
    fault: answer(403),
    when: isUpgrade,
    faults: ['upgrade-blocked'],
    uses: 'sse',
  },
  {
    what: 'a WebSocket is mute',
    fault: muteUpgrade,
    when: isUpgrade,
    faults: ['websocket-mute'],
    uses: 'sse',
  },
  {
    what: 'streams are refused',
    fault: answer(403),
    when: isStream,
    faults: ['stream-blocked'],
    uses: 'websocket',
  },
  {
    what: 'pieces are late',
    fault: late(2500),
    when: isStream,
    holdMs: 6000,
    faults: ['message-late'],
    uses: 'websocket',
  },
  { what: 'GETs are cached', fault: cacheAll(), when: isGet, faults: ['cached'], uses: 'websocket' },
  { what: 'bodies are limited', fault: refuseLarge(100_000), faults: ['body-limit'], uses: 'websocket' },
  {
    what: 'Host is changed',
    fault: withHeader('host', 'localhost:1'),
    faults: ['host-changed'],
    uses: 'websocket',
  },
  {
    what: 'Host is changed to what the hub refuses',
    fault: withHeader('host', 'fanwire'),
    faults: ['host-changed'],
    exitCode: 2,
    uses: undefined,
  },
  { what: 'the hub is away', fault: answer(502), faults: ['hub-away'], exitCode: 2, uses: undefined },
  {
    what: 'another site answers',
    fault: answer(200, {}, 'hello'),
    faults: ['no-hub'],
    exitCode: 2,
    uses: undefined,
  },
];

/** What each network of the lab does to the wires. */
const NETWORK_FAULTS: Readonly<Record<string, readonly [faults: readonly Finding[], uses: string]>> = {
  direct: [[], 'websocket'],
  'buffering-proxy': [['stream-buffered'], 'websocket'],
  'no-upgrade': [['upgrade-blocked'], 'sse'],
  // Over HTTP the hub offers nothing that takes UDP.
  'udp-blocked': [[], 'websocket'],
  'mobile-carrier': [['idle-cut'], 'websocket'],
  'network-change': [[], 'websocket'],
  cache: [['upgrade-blocked', 'stream-buffered'], 'long-polling'],
  'load-balancer': [[], 'websocket'],
};
/** A carrier forgets after three seconds. */
const PACE = 10;

test('doctor names what each network of the lab does, and each other middlebox', {
  concurrency: 6,
}, async (t) => {
  const networks = NETWORKS.map((network) =>
    t.test(network.name, async (t) => {
      const nodes = await startNodes(network.nodes, {});
      const { box } = await network.open(nodes, PACE, ({ port }) => startMiddlebox(port));
      onEnd(t, async () => {
        box.close();
        for (const node of nodes) await node.kill();
      });
      const { faults, uses } = await examine(box.url, undefined, 4000);
      assert.deepEqual([faults, uses], NETWORK_FAULTS[network.name]);
    }),
  );
  const others = CASES.map(({ what, fault, when = () => true, faults, holdMs, exitCode = 1, uses }) =>
    t.test(what, async (t) => {
      const { port } = await startHub(t);
      const proxy = await startProxy(t, port);
      proxy.use(fault, { when });
      const found = await examine(proxy.url, undefined, holdMs);
      assert.deepEqual(
        { faults: found.faults, exitCode: found.exitCode, uses: found.uses },
        { faults, exitCode, uses },
      );
    }),
  );
  await Promise.all([...networks, ...others]);
});

test('doctor names a network that drops UDP before a hub that offers WebTransport, and proves it where UDP passes', async (t) => {
  await provideWebTransport();
  const certificates = makeCertificates();
  const of = async (network: Network, patienceMs: number) => {
    const { ways, close } = await setUp(network, { pace: 5, tls: 'end-to-end', certificates }, 1);
    onEnd(t, close);
    const { faults, uses, readings } = await examine(ways[0]!.box.url, undefined, 1000, patienceMs);
    return { isNamed: faults.includes('udp-blocked'), uses, state: readings.wires.webtransport?.state };
  };
  // The engine of QUIC begins with it, which takes seconds on a busy machine.
  const open = await of(direct, 30_000);
  assert.deepEqual(open, { isNamed: false, uses: 'webtransport', state: 'proved' });
  assert.deepEqual(await of(udpBlocked, 4000), { isNamed: true, uses: 'websocket', state: 'failed' });
});

test('doctor finds what cuts silent connections, and after how long', async (t) => {
  const { port } = await startHub(t);
  const proxy = await startProxy(t, port);
  proxy.use(cutWhenIdle(2000));
  const { faults, readings } = await examine(proxy.url, undefined, 5000);
  assert.deepEqual(faults, ['idle-cut']);
  for (const name of ['websocket', 'sse', 'http-streaming', 'long-polling'] as const) {
    const result = readings.wires[name];
    assert.ok(result?.state === 'proved' && result.held?.end === 'cut', name);
    assert.ok(result.held.silentMs >= 1500, `${name} ${result.held.silentMs}`);
  }
});

test('doctor tells a token that is lost on the way from one that is not valid, and uses it in a WebSocket', async (t) => {
  const { port } = await startHub(t, { authorise: { secret: SECRET } });
  const proxy = await startProxy(t, port);
  const token = await tokenFor(t, 'fanwire-doctor.*');
  proxy.use(withHeader('authorization'));
  const lost = await examine(proxy.url, token);
  assert.deepEqual([lost.faults, lost.exitCode, lost.uses], [['authorization-lost'], 1, 'websocket']);
  proxy.heal();
  const invalid = await examine(proxy.url, 'none');
  assert.deepEqual([invalid.faults, invalid.exitCode], [['refused-by-hub'], 2]);
  const narrow = await examine(proxy.url, await tokenFor(t, 'elsewhere'));
  assert.deepEqual([narrow.faults, narrow.exitCode, narrow.uses], [[], 0, 'websocket']);
  assert.match(narrow.notes.join(), /may not read fanwire-doctor\.test, .*may not publish to/);
});

async function tokenFor(t: TestContext, pattern: string): Promise<string> {
  const args = ['token', '--read', pattern, '--publish', pattern, '--secret', SECRET];
  return (await runCli(t, args)).stdout.trim();
}

test('behind nginx as Debian installs it doctor names all that its site leaves out', async (t) => {
  const { port } = await startHub(t);
  const nginx = PROXIES.find(({ name }) => name === 'nginx')!;
  const { faults, uses, readings } = await examine(`http://127.0.0.1:${await startWebProxy(t, nginx, port)}`);
  // Which Host arrives is the address of the hub, which nginx has been given.
  assert.deepEqual(faults, ['host-changed', 'http-1.0', 'body-limit', 'upgrade-blocked']);
  assert.equal(uses, 'sse');
  assert.deepEqual(readings.upload?.passedBytes, 256 * 1024);
});

/** nginx as the guide has it, but for some lines. */
async function behindNginx(t: TestContext, lines: readonly (readonly [RegExp, string])[]) {
  const hub = await startHub(t);
  const proxyPort = await startWebProxy(
    t,
    {
      name: 'nginx',
      config: 'deploy/nginx.conf',
      changes: ({ port, hubPort, directory }) => [
        [/listen 80;/, `listen 127.0.0.1:${port};`],
        [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
        [/http \{/, `http { ${nginxScratch(directory)}`],
        ...lines,
      ],
      command: nginxCommand,
    },
    hub.port,
  );
  return examine(`http://127.0.0.1:${proxyPort}`);
}

test('doctor finds an nginx that buffers streams, and how many bytes that takes', async (t) => {
  // Of HTTP/1.1 it hands each chunk on, buffering or not.
  const { faults, readings } = await behindNginx(t, [
    [/proxy_http_version 1.1;/, ''],
    [/proxy_buffering off;/, 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;'],
  ]);
  assert.deepEqual(faults, ['http-1.0', 'stream-buffered']);
  const { heldAt, passesAt = 0 } = readings.buffer!;
  // It has buffers of 4 KiB.
  assert.ok(
    heldAt >= 2048 && heldAt <= 4096 && passesAt >= 4096 && passesAt < 10_000,
    `${heldAt} ${passesAt}`,
  );
});

test('doctor finds an nginx that compresses streams', async (t) => {
  const { faults } = await behindNginx(t, [
    [/proxy_buffering off;/, 'gzip on; gzip_types *; gzip_proxied any; gzip_min_length 1;'],
  ]);
  assert.deepEqual(faults, ['stream-compressed']);
});

test('a page’s site that is no hub, and an address where nothing is', async (t) => {
  const site = createServer((_, response) => response.writeHead(404).end('<html>')).listen(0, '127.0.0.1');
  onEnd(t, () => void site.close());
  await new Promise((resolve) => site.once('listening', resolve));
  const { port } = site.address() as AddressInfo;
  assert.deepEqual((await examine(`http://127.0.0.1:${port}`)).faults, ['no-hub']);
  const nothing = await runCli(t, ['doctor', `http://127.0.0.1:${await freePort()}`]);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stdout, /^unreachable: .*nothing listens there\./m);
});

test('the command prints a table, sentences and a verdict, or all of it as JSON', async (t) => {
  const { url } = await startServe(t);
  const text = await runCli(t, ['doctor', url, '--hold', '1']);
  assert.deepEqual([text.code, text.stderr], [0, '']);
  assert.match(text.stdout, /^wire +works +first byte/m);
  assert.match(text.stdout, /^websocket +yes +\d+ ms/m);
  assert.match(text.stdout, /^All is well: fanwire would use websocket\.$/m);
  const json = await runCli(t, ['doctor', url, '--hold', '1', '--json']);
  const { exitCode, uses, findings, readings } = JSON.parse(json.stdout);
  assert.deepEqual([exitCode, uses, findings], [0, 'websocket', []]);
  assert.equal(readings.wires.sse.state, 'proved');
});

test('over TLS it tells of the certificate, HTTP/2, and a WebSocket over it', async (t) => {
  const { url } = await startServe(t, ['--tls', 'self-signed']);
  const { code, stdout } = await runCli(t, ['doctor', url, '--hold', '1']);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /^certificate: /m);
  assert.match(stdout, /HTTP\/2 is spoken/);
  assert.match(stdout, /^websocket over HTTP\/2 +yes/m);
});
