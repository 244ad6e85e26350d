import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runCli } from '../support/cli.ts';

const COMMANDS = [
  'serve',
  'publish',
  'subscribe',
  'token',
  'disconnect',
  'doctor',
  'lab',
  'health',
  'check-config',
];

test('--help lists every command, and --version is the package’s', async (t) => {
  const help = await runCli(t, ['--help']);
  assert.equal(help.code, 0);
  for (const command of COMMANDS) {
    assert.match(help.stdout, new RegExp(`^  ${command} +\\w`, 'm'));
  }
  const version = await runCli(t, ['--version']);
  assert.equal(version.stdout.trim(), JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test('every command has a help of its own', async (t) => {
  for (const command of COMMANDS) {
    const { code, stdout } = await runCli(t, [command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^fanwire ${command} `));
  }
});

for (const [args, sentence] of [
  [['sevre'], 'unknown command sevre (did you mean serve?); see fanwire --help'],
  [['toString'], 'unknown command toString; see fanwire --help'],
  [['serve', '--prot', '1'], 'unknown option --prot (did you mean --port?)'],
  [['serve', '--colour'], 'unknown option --colour'],
  [['serve', '--port', 'x'], '--port takes a whole number from 0 to 65535, not x'],
  [['serve', 'now'], 'unexpected argument now'],
  [['disconnect'], '--subject NAME is missing'],
  [['disconnect', '--subject', 'a', '--issued-before', '2026-01-01'], '--issued-before goes with --revoke'],
  [
    ['disconnect', '--subject', 'a', '--revoke', '--issued-before', 'soon'],
    '--issued-before takes a time such as 2026-01-31T12:00:00Z, not soon',
  ],
  [['publish'], 'CHANNEL is missing'],
  [
    ['publish', 'a b', '1'],
    '"a b" is no channel: a channel name is 1 to 200 characters of A-Z a-z 0-9 . _ : -',
  ],
  [
    ['publish', 'a', '1', '--url', 'localhost:8080'],
    '--url takes an address such as http://127.0.0.1:8080, not localhost:8080',
  ],
  [['subscribe', 'a', '--transport', 'websockets'], 'unknown transport websockets (did you mean websocket?)'],
  [
    ['subscribe', 'a', '--after', 'now', '--last', '3'],
    '--after and --last both say where to begin: give one of them',
  ],
  [['doctor'], 'URL is missing'],
  [['doctor', 'localhost'], 'URL takes an address such as http://127.0.0.1:8080, not localhost'],
  [['doctor', 'http://a', '--hold', '0'], '--hold takes a whole number from 1 to 3600, not 0'],
  [
    ['lab', '--only', 'direct,no-upgrades'],
    'no network is called no-upgrades (did you mean no-upgrade?): --only takes direct, buffering-proxy, no-upgrade, ' +
      'udp-blocked, mobile-carrier, network-change, cache, load-balancer',
  ],
  [['lab', '--pace', '6'], '--pace takes a whole number from 1 to 5, not 6'],
  [['token'], 'a token that grants nothing is of no use: give --read PATTERN, --publish PATTERN or both'],
  [
    ['token', '--read', 'a', '--expires', 'soon'],
    '--expires takes a time such as 30s, 15m, 1h or 7d, not soon',
  ],
] as const) {
  test(`fanwire ${args.join(' ')}: one sentence and exit code 2`, async (t) => {
    const { code, stdout, stderr } = await runCli(t, args);
    assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: '', stderr: `fanwire: ${sentence}\n` });
  });
}
