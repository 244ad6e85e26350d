// How much of the machine others took meanwhile: a figure from a machine that did something else is worth less.
import { readFileSync } from 'node:fs';

/** @returns a function that tells the per cent of all processors' time that others have taken since */
export function watchOthers() {
  const begin = read();
  return () => {
    const now = read();
    const taken = now.busy - begin.busy - (now.own - begin.own);
    return Math.max(0, Math.round((100 * taken) / (now.all - begin.all)));
  };
}

/** In ticks of the kernel's clock. `own` has the children that have ended in it, and theirs. */
function read() {
  const [user, nice, system, idle, ioWait, ...more] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  const busy = user + nice + system + more.reduce((sum, each) => sum + each, 0);
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  const own = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  return { busy, all: busy + idle + ioWait, own };
}
