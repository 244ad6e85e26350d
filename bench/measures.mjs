// Every measure, in the order in which the report shows them.
import { capacity } from './measures/capacity.mjs';
import { compression } from './measures/compression.mjs';
import { engines } from './measures/engines.mjs';
import { fanOut } from './measures/fan-out.mjs';
import { graphql } from './measures/graphql.mjs';
import { growth } from './measures/growth.mjs';
import { grpc } from './measures/grpc.mjs';
import { http2 } from './measures/http2.mjs';
import { idleCpu } from './measures/idle-cpu.mjs';
import { idleMemory } from './measures/idle-memory.mjs';
import { latency } from './measures/latency.mjs';
import { logs } from './measures/logs.mjs';
import { operate } from './measures/operate.mjs';
import { requests } from './measures/requests.mjs';
import { shapes } from './measures/shapes.mjs';
import { slow } from './measures/slow.mjs';
import { storm } from './measures/storm.mjs';
import { webtransport } from './measures/webtransport.mjs';
import { workers } from './measures/workers.mjs';

export const MEASURES = [
  fanOut,
  shapes,
  latency,
  storm,
  slow,
  requests,
  idleMemory,
  idleCpu,
  operate,
  http2,
  compression,
  graphql,
  grpc,
  webtransport,
  growth,
  engines,
  capacity,
  workers,
  logs,
];
