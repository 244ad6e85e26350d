import type { ComponentType } from 'preact';
import type { PageProps } from '../../shell/pages.ts';
import Connections from './connections/connections.tsx';
import Constraint from './constraint/constraint.tsx';
import Cost from './cost/cost.tsx';
import Fallback from './fallback/fallback.tsx';
import Tour from './tour/tour.tsx';

export interface Lesson {
  readonly path: string;
  readonly title: string;
  /** What one knows afterwards. */
  readonly sentence: string;
  readonly Content: ComponentType<PageProps>;
}

/** In the order of the course. */
export const LESSONS: readonly Lesson[] = [
  {
    path: '/learn',
    title: 'The constraint',
    sentence:
      'HTTP lets only the client begin. Three short experiments of this page with this hub show what follows from it, and what a connection that carries both ways changes.',
    Content: Constraint,
  },
  {
    path: '/learn/step-by-step',
    title: 'Step by step',
    sentence:
      'Each transport is an answer to the same constraint. Here this page reads one channel by each of them, and the hub records what crosses its sockets: what happens, why, and the bytes.',
    Content: Tour,
  },
  {
    path: '/learn/cost',
    title: 'What it costs',
    sentence:
      'A question costs the same whether or not there is news. This page reads by four transports at once and measures what each takes; the rest is multiplication.',
    Content: Cost,
  },
  {
    path: '/learn/coming-back',
    title: 'Fallback and coming back',
    sentence:
      'No network carries everything, and none for ever. A client tries the best, notices what fails, takes what works, and goes on from its position after each cut.',
    Content: Fallback,
  },
  {
    path: '/learn/six-connections',
    title: 'Six connections',
    sentence:
      'What works in one tab can hang in the seventh. Seven streams are opened here at once, then seven clients that share one connection.',
    Content: Connections,
  },
];
