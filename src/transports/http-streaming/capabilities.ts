import type { TransportCapabilities } from '../capabilities.ts';

export const capabilities: TransportCapabilities = {
  name: 'http-streaming',
  push: true,
  streaming: true,
  duplex: false,
  binary: false,
};
