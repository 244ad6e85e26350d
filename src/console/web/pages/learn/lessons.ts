import type { ComponentType } from 'preact';
import type { PageProps } from '../../shell/pages.ts';
import Beyond from './beyond/beyond.tsx';
import CapacityLesson from './capacity/capacity.tsx';
import Connections from './connections/connections.tsx';
import Constraint from './constraint/constraint.tsx';
import Cost from './cost/cost.tsx';
import Fallback from './fallback/fallback.tsx';
import Scale from './scale/scale.tsx';
import Tour from './tour/tour.tsx';

export interface Lesson {
  readonly path: string;
  readonly title: string;
  /** What one knows afterwards. */
  readonly sentence: string;
  /** Whether it needs the hub's recorder, which knows HTTP/1.1 alone. */
  readonly recorded: boolean;
  readonly Content: ComponentType<PageProps>;
}

/** In the order of the course. */
export const LESSONS: readonly Lesson[] = [
  {
    path: '/learn',
    title: 'The constraint',
    sentence:
      'HTTP lets only the client begin. Three short experiments of this page with this hub show what follows from it, and what a connection that carries both ways changes.',
    recorded: true,
    Content: Constraint,
  },
  {
    path: '/learn/step-by-step',
    title: 'Step by step',
    sentence:
      'Each transport is an answer to the same constraint. Here this page reads one channel by each of them, and the hub records what crosses its sockets: what happens, why, and the bytes.',
    recorded: true,
    Content: Tour,
  },
  {
    path: '/learn/cost',
    title: 'What it costs',
    sentence:
      'A question costs the same whether or not there is news. This page reads by four transports at once and measures what each takes; the rest is multiplication.',
    recorded: true,
    Content: Cost,
  },
  {
    path: '/learn/coming-back',
    title: 'Fallback and coming back',
    sentence:
      'No network carries everything, and none for ever. A client tries the best, notices what fails, takes what works, and goes on from its position after each cut.',
    recorded: true,
    Content: Fallback,
  },
  {
    path: '/learn/six-connections',
    title: 'Six connections',
    sentence:
      'What works in one tab can hang in the seventh. Seven streams are opened here at once, then seven clients that share one connection.',
    recorded: false,
    Content: Connections,
  },
  {
    path: '/learn/scale',
    title: 'Scale',
    sentence:
      'One server is not enough for ever, and none runs for ever. Here two nodes share a log: a message crosses from one to the other, and a client goes on at the one when the other is killed.',
    recorded: false,
    Content: Scale,
  },
  {
    path: '/learn/capacity',
    title: 'A million users',
    sentence:
      'Can it carry them, and what does that cost? Say what your application does: a model, made of what fanwire’s benchmarks read, says how many machines it needs, what the log and the wire carry, and the price.',
    recorded: false,
    Content: CapacityLesson,
  },
  {
    path: '/learn/beyond',
    title: 'Beyond',
    sentence:
      'HTTP/2, WebTransport, GraphQL and gRPC carry the same channels further. Each is live here where this hub serves it.',
    recorded: false,
    Content: Beyond,
  },
];
