// Written by bench/report.mjs from bench/results, not by hand.
import type { CapacityFigures, Check } from './model.ts';

export const FIGURES: CapacityFigures = {
  "read": "2026-11-29, Intel(R) Xeon(R) Processor",
  "deliveryUs": [
    {
      "readers": 1,
      "us": 29.26
    },
    {
      "readers": 10,
      "us": 14.51
    },
    {
      "readers": 1000,
      "us": 10.96
    }
  ],
  "factor": {
    "websocket": 1,
    "sse": 1.04,
    "http-streaming": 0.93
  },
  "envelopeBytes": {
    "websocket": 77,
    "sse": 35,
    "http-streaming": 80
  },
  "connectionKB": {
    "websocket": 6.5,
    "sse": 4.5,
    "http-streaming": 4.4
  },
  "kernelKB": 3.6,
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

/** Loads that one node was given, from few users to many. */
export const CHECKS: readonly Check[] = [
  {
    "users": 1000,
    "channels": 1,
    "messagesPerSecond": 20,
    "measured": 0.142,
    "predicted": 0.219
  },
  {
    "users": 4000,
    "channels": 1000,
    "messagesPerSecond": 2,
    "measured": 0.153,
    "predicted": 0.163
  },
  {
    "users": 6000,
    "channels": 6000,
    "messagesPerSecond": 1,
    "measured": 0.197,
    "predicted": 0.176
  },
  {
    "users": 8000,
    "channels": 80,
    "messagesPerSecond": 1,
    "measured": 0.116,
    "predicted": 0.102
  }
];
