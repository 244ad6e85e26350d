import type { TransportCapabilities } from '../capabilities.ts';

export const capabilities: TransportCapabilities = {
  name: 'websocket',
  push: true,
  streaming: true,
  duplex: true,
  binary: true,
};
