import { readFileSync } from 'node:fs';

/** Kept for what is no connection: Node itself, the log, files of the program. */
const MIN_KEPT = 64;
const KEPT_SHARE = 0.1;

export interface Descriptors {
  /** What this process may open: `ulimit -n`, which Node has raised as far as it may. */
  readonly maxFiles: number;
  /** Requests and connections that leave enough for the rest. */
  readonly connections: number;
  /** Sockets that a server may hold: more, so that those beyond are told why. */
  readonly sockets: number;
}

/** Undefined where a system has no such limit, or does not tell. */
export function descriptors(maxFiles: number | undefined = openFilesLimit()): Descriptors | undefined {
  if (maxFiles === undefined) return undefined;
  const kept = Math.max(MIN_KEPT, Math.ceil(maxFiles * KEPT_SHARE));
  return {
    maxFiles,
    connections: Math.max(1, maxFiles - kept),
    sockets: Math.max(2, maxFiles - Math.ceil(kept / 2)),
  };
}

function openFilesLimit(): number | undefined {
  const soft = process.platform === 'linux' ? fromProc() : fromReport();
  return soft === undefined || !Number.isSafeInteger(soft) ? undefined : soft;
}

function fromProc(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** Slower by milliseconds, and other runtimes have none. */
function fromReport(): number | undefined {
  const report = process.report?.getReport() as
    | { userLimits?: { open_files?: { soft?: unknown } } }
    | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return soft === undefined ? undefined : Number(soft);
}
