import { pause, type Runtime } from '../../protocol/runtime.ts';

/** Holds publishers to so many messages, and so many of their bytes, a second. */
export interface PublishPace {
  /**
   * Takes the turn of messages for an address: 0, or how many seconds to wait before asking again.
   * @throws FanwireError `batch_too_large`, or `message_too_large` for a single one: no wait would let them pass
   */
  take(address: string, messages: number, bytes: number): number;
}

/** Waits until so many messages of so many bytes together may be published. @throws FanwireError as `take` */
export async function waitForTurn(
  { address, pace }: { readonly address: string; readonly pace: PublishPace },
  messages: number,
  bytes: number,
  runtime: Runtime,
): Promise<void> {
  for (;;) {
    const wait = pace.take(address, messages, bytes);
    if (wait === 0) return;
    await pause(runtime, wait * 1000);
  }
}
