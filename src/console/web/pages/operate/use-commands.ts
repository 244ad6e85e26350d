import { useCallback, useState } from 'preact/hooks';
import { type Client, FanwireError } from '../../../../client/index.ts';
import type { Command } from '../../../operate/reports.ts';
import { sentenceOf } from '../../shell/connection.ts';
import { OPERATORS_ONLY } from './use-nodes.ts';

/** Sends commands to nodes. `fault` tells why the last could not be sent. */
export function useCommands(fanwire: Client, onRefused: (reason: string) => void) {
  const [fault, setFault] = useState<string>();
  const send = useCallback(
    async ({ kind, ...data }: Command) => {
      setFault(undefined);
      try {
        await fanwire.request(`console:${kind}`, data);
      } catch (error) {
        if (error instanceof FanwireError && error.code === 'forbidden') onRefused(OPERATORS_ONLY);
        setFault(sentenceOf(error));
      }
    },
    [fanwire, onRefused],
  );
  return { send, fault };
}

export type SendCommand = ReturnType<typeof useCommands>['send'];
