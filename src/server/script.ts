import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FanwireError } from '../protocol/errors.ts';
import { type Asset, createAsset, sendAsset } from './asset.ts';
import type { ServerReply } from './server-exchange.ts';

/** The client as one script, and its source map. */
export type ScriptFile = 'fanwire.js' | 'fanwire.js.map';

const TYPES: Readonly<Record<ScriptFile, string>> = {
  'fanwire.js': 'text/javascript; charset=utf-8',
  'fanwire.js.map': 'application/json',
};

const assets = new Map<ScriptFile, Promise<Asset>>();

/**
 * Serves the script build of the client, which is read when it is first asked for. Everybody may have it.
 * @throws (rejects) FanwireError `not_found` where it is not installed
 */
export async function serveScript(reply: ServerReply, file: ScriptFile): Promise<void> {
  let asset = assets.get(file);
  if (!asset) {
    asset = readScript(file);
    assets.set(file, asset);
    // It may be there the next time: descriptors run out, too.
    asset.catch(() => assets.delete(file));
  }
  // A page of another origin that isolates itself (COEP) loads only what says that it may.
  sendAsset(reply, await asset, { 'Cross-Origin-Resource-Policy': 'cross-origin' });
}

async function readScript(file: ScriptFile): Promise<Asset> {
  try {
    // By the package's name: the server may have been compiled or bundled to another place.
    const script = fileURLToPath(import.meta.resolve('fanwire/script'));
    return createAsset(TYPES[file], await readFile(script.replace(/fanwire\.js$/, file)));
  } catch {
    throw new FanwireError(
      'not_found',
      'the client’s script is not here: install the package fanwire beside this program',
    );
  }
}
