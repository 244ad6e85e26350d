export type { DialOptions } from './dialer.ts';
export { WebTransportError } from './error.ts';
export {
  WebTransport,
  type WebTransportBidirectionalStream,
  type WebTransportCloseInfo,
  type WebTransportDatagrams,
} from './web-transport.ts';
