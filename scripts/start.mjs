// `npm start`: installs and builds what is missing, then serves, on the port that PORT names unless --port does.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale, install, ROOT, requireNode } from './prepare.mjs';

requireNode();
install();
buildIfStale();

// npm passes a signal on to the shell between it and this process, and that shell ends without passing it on.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 500).unref();

// In this process, not in a child: signals and the exit code are then its own.
const main = join(ROOT, 'dist/cli/main.js');
const { PORT } = process.env;
// The last one counts, so that one that was typed goes before the environment's.
process.argv = [process.execPath, main, 'serve', ...(PORT ? ['--port', PORT] : []), ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
