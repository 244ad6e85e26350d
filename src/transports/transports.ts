import { capabilities as httpStreaming } from './http-streaming/capabilities.ts';
import { capabilities as longPolling } from './long-polling/capabilities.ts';
import { capabilities as polling } from './polling/capabilities.ts';
import { capabilities as sse } from './sse/capabilities.ts';
import { capabilities as websocket } from './websocket/capabilities.ts';

/** Every transport with what it can do, the plainest first. */
export const TRANSPORTS = [polling, longPolling, sse, httpStreaming, websocket] as const;
