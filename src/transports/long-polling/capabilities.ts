import type { TransportCapabilities } from '../capabilities.ts';

export const capabilities: TransportCapabilities = {
  name: 'long-polling',
  push: true,
  streaming: false,
  duplex: false,
  binary: false,
};
