import { payloadOf } from '../../log/message.ts';
import type { Hub } from '../hub.ts';

/** Tells all nodes of a log, on one of the hub's own channels. @throws FanwireError `log_unavailable` */
export async function tellNodes(hub: Hub, channel: string, data: object): Promise<void> {
  const payload = payloadOf(data);
  await hub.publish({
    channel,
    payload,
    type: undefined,
    conflationKey: undefined,
    idempotencyKey: undefined,
  });
}
