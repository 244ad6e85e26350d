import type { TransportCapabilities } from '../capabilities.ts';

export const capabilities: TransportCapabilities = {
  name: 'polling',
  push: false,
  streaming: false,
  duplex: false,
  binary: false,
};
