import { useEffect, useState } from 'preact/hooks';
import {
  CROWD_CHANNEL,
  type CrowdReport,
  type CrowdState,
  type Herd,
  type Memory,
} from '../../../../../crowd/crowd-report.ts';
import { sentenceOf } from '../../../../shell/connection.ts';
import type { PageProps } from '../../../../shell/pages.ts';

const RETAINED = 300;

export interface CrowdView {
  readonly state: CrowdState | undefined;
  /** The visitor who let the crowd go; undefined while nobody has. */
  readonly endedBy: string | undefined;
  /** The first reading, with nobody parked. */
  readonly before: Memory | undefined;
  /** The first reading with everybody parked. */
  readonly parked: Memory | undefined;
  readonly now: Memory | undefined;
  /** The newest of each kind. */
  readonly herd: Herd | undefined;
  readonly spreadHerd: Herd | undefined;
  readonly fault: string | undefined;
}

const NONE: CrowdView = {
  state: undefined,
  endedBy: undefined,
  before: undefined,
  parked: undefined,
  now: undefined,
  herd: undefined,
  spreadHerd: undefined,
  fault: undefined,
};

export interface CrowdControls {
  readonly view: CrowdView;
  park(): void;
  stampede(spreadMs: number): void;
  end(): void;
}

/** A crowd of long polls that the hub gathers when it is asked to, and what is read of it. It lasts while a page shows it. */
export function useCrowd({ fanwire }: Pick<PageProps, 'fanwire'>): CrowdControls {
  const [view, setView] = useState(NONE);
  const [id, setId] = useState<string>();

  useEffect(() => {
    if (id === undefined) return;
    const subscription = fanwire.subscribe<CrowdReport>(CROWD_CHANNEL + id, {
      last: RETAINED,
      // Visitors are counted so, because a client that polls has a subscription only while it asks.
      presence: {},
      onMessage: ({ data }) => setView((before) => heard(before, data)),
      onError: (error) => setView((before) => ({ ...before, fault: sentenceOf(error) })),
    });
    return () => subscription.close();
  }, [fanwire, id]);

  const ask = (method: string, data?: object) =>
    fanwire.request<{ readonly id: string }>(method, data).catch((error) => {
      setView((before) => ({ ...before, fault: sentenceOf(error) }));
      return undefined;
    });

  return {
    view,
    async park() {
      setView({ ...NONE, state: 'starting' });
      const gathered = await ask('console:crowd');
      if (gathered) setId(gathered.id);
      else setView((before) => ({ ...before, state: undefined }));
    },
    stampede: (spreadMs) => void ask('console:crowd:stampede', { id, spreadMs }),
    end: () => void ask('console:crowd:end', { id }),
  };
}

function heard(view: CrowdView, report: CrowdReport): CrowdView {
  switch (report.kind) {
    case 'state':
      return { ...view, state: report.state, endedBy: report.by };
    case 'failed':
      return { ...view, fault: report.detail };
    case 'herd':
      return { ...view, [report.spreadMs === 0 ? 'herd' : 'spreadHerd']: report };
    case 'memory': {
      const { before = report, parked } = view;
      return { ...view, before, now: report, parked: parked ?? (isComplete(report) ? report : undefined) };
    }
  }
}

/** As many as are parked at once. */
export const CROWD = 1000;

function isComplete({ parked }: Memory): boolean {
  return parked === CROWD;
}
