import { readFileSync, realpathSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { FanwireError } from '../../protocol/errors.ts';
import type { Certificate } from './certificate.ts';
import { type KeyPair, keyPairFault } from './key-pair.ts';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The two files of a pair are not written at once: what comes within this time belongs together. */
const SETTLE_MS = 200;
/** Where a system tells nothing of changes, a network's file system for example. */
const LOOK_MS = 3_600_000;

/**
 * A certificate in files, read again when they change. Watched are directories: who renews it puts a new file, or
 * a symbolic link, in the place of the old one.
 * @param report told of a pair that can't be used, where the one before stays
 * @throws FanwireError `invalid_parameter` where the first one can't
 */
export function certificateFiles(files: CertificateFiles, report: (error: unknown) => void): Certificate {
  let pair = readPair(files);
  return {
    get pair() {
      return pair;
    },
    follow(renewed) {
      function look(): void {
        try {
          const read = readPair(files);
          if (read.cert === pair.cert && read.key === pair.key) return;
          pair = read;
          renewed(pair);
        } catch (error) {
          report(error);
        }
      }

      let settling: NodeJS.Timeout | undefined;
      const onChange = () => {
        clearTimeout(settling);
        settling = setTimeout(look, SETTLE_MS).unref();
      };
      const timer = setInterval(look, LOOK_MS).unref();
      const watchers = directoriesOf(files).map((directory) =>
        watch(directory, { persistent: false }, onChange).on('error', report),
      );
      return () => {
        clearTimeout(settling);
        clearInterval(timer);
        for (const watcher of watchers) watcher.close();
      };
    },
  };
}

function readPair({ certFile, keyFile }: CertificateFiles): KeyPair {
  const pair = { cert: readText('certificate', certFile), key: readText('key', keyFile) };
  const fault = keyPairFault(pair);
  if (fault === undefined) return pair;
  throw new FanwireError(
    'invalid_parameter',
    `${certFile} and ${keyFile} are no certificate and its key: ${fault}`,
  );
}

function readText(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new FanwireError(
      'invalid_parameter',
      `the ${what} ${file} can't be read: ${(error as Error).message}`,
    );
  }
}

/** Where the names are, and where the files are that they stand for. */
function directoriesOf({ certFile, keyFile }: CertificateFiles): string[] {
  const files = [certFile, keyFile, realpathSync(certFile), realpathSync(keyFile)];
  return [...new Set(files.map((file) => dirname(file)))];
}
