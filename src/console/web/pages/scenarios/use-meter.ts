import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';
import { openWireMeter, type WireMeter } from '../../measure/wire-meter.ts';

/** @property meter undefined where the token does not let this page measure */
export interface Metered {
  readonly meter: WireMeter | undefined;
}

/** A meter for one client. Undefined until the hub heeds it: what is opened before is not counted. */
export function useMeter(fanwire: Client): Metered | undefined {
  const [metered, setMetered] = useState<Metered>();
  useEffect(() => {
    let opened: WireMeter | undefined;
    let isOver = false;
    openWireMeter(fanwire).then(
      (meter) => {
        if (isOver) return meter.close();
        opened = meter;
        setMetered({ meter });
      },
      () => isOver || setMetered({ meter: undefined }),
    );
    return () => {
      isOver = true;
      opened?.close();
    };
  }, [fanwire]);
  return metered;
}
