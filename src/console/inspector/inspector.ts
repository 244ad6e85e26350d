import type { Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { FanwireHub } from '../../fanwire-hub.ts';
import type { HubOptions, RequestHandler } from '../../hub/options.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { GRAPHQL_PATH, GRPC_SUBSCRIBE_PATH } from '../endpoint-name.ts';
import { createRecorder } from './recorder.ts';
import { type Heeded, INSPECTED_CHANNEL, MARK, type Recorded, WIRE_CHANNEL } from './wire-record.ts';

/** On this channel the processes of a hub tell each other which marks to heed. No client may read it, because marks are secrets. */
const COMMANDS = 'console:inspectors';

type Command =
  | { readonly kind: 'arm'; readonly mark: string; readonly what: Recorded }
  | { readonly kind: 'cut' | 'ping'; readonly mark: string };

export interface Inspector {
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests'>>;
  /** Returns a function that stops the inspector. */
  start(hub: FanwireHub, server: Server | Http2SecureServer): () => void;
}

/**
 * Records what crosses the wire for a page that asks. The page makes up a mark, has it heeded by the request
 * `console:inspect`, which it repeats before the mark expires, and sends it along as `?inspect=MARK`. The records are
 * published on `console:wire:MARK`. The request `console:cut` closes the mark's connections, and
 * `console:ping` sends a ping over its WebSockets.
 * @param basePath the hub's path on the same server
 */
export function openInspector(basePath: string): Inspector {
  const base = basePath.replace(/\/$/, '');
  // Of calls Subscribe alone, because Connect's first message may be a token.
  const endpoints = [base + GRAPHQL_PATH, base + GRPC_SUBSCRIBE_PATH];
  let send: ((command: Command) => Promise<Heeded>) | undefined;

  const handler =
    (commandOf: (mark: string, data: object) => Command): RequestHandler =>
    async (data, { access }) => {
      const mark = markOf(data);
      if (!access.mayRead(WIRE_CHANNEL + mark))
        throw new FanwireError('forbidden', 'the inspector is for whoever may read console:*');
      return send?.(commandOf(mark, data as object));
    };

  return {
    options: {
      channels: {
        [COMMANDS]: { read: 'nobody', publish: 'nobody', ephemeral: true },
        // Retained long enough for a page that has to connect anew.
        [`${WIRE_CHANNEL}*`]: { publish: 'nobody', presence: false, retain: { count: 200, ageMs: 60_000 } },
        [INSPECTED_CHANNEL]: { retain: { count: 100 } },
      },
      requests: {
        'console:inspect': handler((mark, data) => {
          const what = 'what' in data && data.what === 'totals' ? 'totals' : 'bytes';
          return { kind: 'arm', mark, what };
        }),
        'console:cut': handler((mark) => ({ kind: 'cut', mark })),
        'console:ping': handler((mark) => ({ kind: 'ping', mark })),
      },
    },

    start(hub, server) {
      const recorder = createRecorder(server, {
        publish: (mark, batch) => hub.publish(WIRE_CHANNEL + mark, batch),
        maySee: (path) => path.startsWith(`${base}/channels/`) || endpoints.includes(path),
      });
      const obey = (command: Command): boolean => {
        if (command.kind === 'arm') return recorder.arm(command.mark, command.what);
        recorder[command.kind](command.mark);
        return true;
      };
      const commands = hub.subscribe<Command>(COMMANDS, ({ data }) => void obey(data));
      send = async (command) => {
        // A mark is heeded here at once, because the page may send its next request to this process. The rest is obeyed once heard.
        const heeded = command.kind === 'arm' && obey(command);
        await hub.publish(COMMANDS, command);
        return { heeded };
      };
      return () => {
        send = undefined;
        commands.close();
        recorder.stop();
      };
    },
  };
}

function markOf(data: unknown): string {
  const mark = typeof data === 'object' && data !== null && 'mark' in data ? data.mark : undefined;
  if (typeof mark === 'string' && MARK.test(mark)) return mark;
  throw new FanwireError('invalid_parameter', 'mark: expected 22 random characters of base64url');
}
