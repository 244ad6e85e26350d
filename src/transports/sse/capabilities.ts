import type { TransportCapabilities } from '../capabilities.ts';

export const capabilities: TransportCapabilities = {
  name: 'sse',
  push: true,
  streaming: true,
  duplex: false,
  binary: false,
};
