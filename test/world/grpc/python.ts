import { resolve } from 'node:path';

/** Python with grpcio, and what was generated for it. */
export const PYTHON = ['.build/world/grpc-python/bin/python'] as const;
export const PYTHON_STUBS = resolve('.build/world/grpc-python');
