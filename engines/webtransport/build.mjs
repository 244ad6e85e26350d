// `node engines/webtransport/build.mjs`: engine/ → engine.wasm.br and what belongs to it. Needs Go 1.26 or newer.
// The same sources and the same Go give the same bytes, which a test holds the committed ones to.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const GO_MINOR = 26;

/** The version of Go that is there; undefined without one that is new enough. */
export function findGo() {
  const { stdout } = go(['env', 'GOVERSION']);
  const [version, minor] = /^go1\.(\d+)\S*/.exec(stdout ?? '') ?? [];
  return minor === undefined || Number(minor) < GO_MINOR ? undefined : version;
}

/** The engine as the sources in engine/ make it. */
export function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'fanwire-engine-'));
  try {
    const wasm = join(folder, 'engine.wasm');
    // Nothing of this machine, of the checkout or of the linker's run gets in.
    const built = go([
      'build',
      '-trimpath',
      '-buildvcs=false',
      '-ldflags',
      '-s -w -buildid=',
      '-o',
      wasm,
      '.',
    ]);
    if (built.status !== 0) throw new Error(`go build failed: ${built.stderr}`);
    return readFileSync(wasm);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Go needs in JavaScript, of the same version as the engine. */
export function readWasmExec() {
  return readFileSync(join(go(['env', 'GOROOT']).stdout.trim(), 'lib/wasm/wasm_exec.js'));
}

export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function go(args) {
  const env = { ...process.env, GOOS: 'js', GOARCH: 'wasm', GOFLAGS: '', GOEXPERIMENT: '', GOWASM: '' };
  return spawnSync('go', args, { cwd: join(FOLDER, 'engine'), env, encoding: 'utf8' });
}

/** The licences of all that is in the engine: its modules, and Go itself. */
function notices() {
  const listed = go(['list', '-deps', '-f', '{{with .Module}}{{.Path}} {{.Version}} {{.Dir}}{{end}}', '.']);
  const modules = [...new Set(listed.stdout.trim().split('\n'))].map((line) => line.split(' '));
  const others = modules.filter(([, version, folder]) => version !== '' && folder !== undefined).sort();
  const goRoot = go(['env', 'GOROOT']).stdout.trim();
  const parts = [[`Go ${findGo().slice(2)}, its standard library, and wasm_exec.cjs`, '', goRoot], ...others];
  return parts
    .map(([name, version, folder]) => {
      const file = readdirSync(folder).find((entry) => /^LICEN[CS]E/.test(entry));
      const title = `${name} ${version}`.trim();
      return `${title}\n${'='.repeat(title.length)}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .join('\n\n');
}

function compress(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const version = findGo();
  if (version === undefined) {
    console.error(`The engine needs Go 1.${GO_MINOR} or newer to be built: get one from https://go.dev/dl.`);
    process.exit(1);
  }
  const wasm = compile();
  const compressed = compress(wasm);
  writeFileSync(join(FOLDER, 'engine.wasm.br'), compressed);
  writeFileSync(join(FOLDER, 'engine.sha256'), `${sha256(wasm)}  engine.wasm  ${version}\n`);
  writeFileSync(join(FOLDER, 'wasm_exec.cjs'), readWasmExec());
  writeFileSync(join(FOLDER, 'NOTICES'), notices());
  const figure = (bytes) => bytes.toLocaleString('en');
  console.log(`engine.wasm: ${figure(wasm.length)} bytes, ${figure(compressed.length)} after brotli`);
}
