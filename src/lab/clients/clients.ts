import type { Technique } from './client.ts';
import { httpStreaming } from './http-streaming.ts';
import { longPolling } from './long-polling.ts';
import { polling } from './polling.ts';
import { sdk } from './sdk.ts';
import { sse } from './sse.ts';
import { websocket } from './websocket.ts';

/** The rows of the matrix. */
export const TECHNIQUES: readonly Technique[] = [polling, longPolling, sse, httpStreaming, websocket, sdk];
