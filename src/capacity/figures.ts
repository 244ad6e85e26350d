// Written by bench/report.mjs from bench/results, not by hand.
import type { CapacityFigures } from './model.ts';

export const FIGURES: CapacityFigures = {
  "read": "2026-11-29, Intel(R) Xeon(R) Processor",
  "deliveryUs": [
    {
      "readers": 1,
      "us": 29.58
    },
    {
      "readers": 10,
      "us": 13.52
    },
    {
      "readers": 1000,
      "us": 10.25
    }
  ],
  "factor": {
    "websocket": 1,
    "sse": 1.1,
    "http-streaming": 1.11
  },
  "envelopeBytes": {
    "websocket": 75,
    "sse": 33,
    "http-streaming": 78
  },
  "connectionKB": {
    "websocket": 6.7,
    "sse": 10.6,
    "http-streaming": 10.7
  },
  "kernelKB": 3.7,
  "publishUs": 54.01,
  "logUs": {
    "redis": 38,
    "nats": 164
  },
  "logRate": {
    "redis": 40556,
    "nats": 12136
  }
};
