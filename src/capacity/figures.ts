// Written by bench/report.mjs from bench/results, not by hand.
import type { CapacityFigures, Check } from './model.ts';

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

/** Loads that one node was given, from few users to many. */
export const CHECKS: readonly Check[] = [
  {
    "users": 1000,
    "channels": 1,
    "messagesPerSecond": 20,
    "measured": 0.131,
    "predicted": 0.205
  },
  {
    "users": 4000,
    "channels": 1000,
    "messagesPerSecond": 2,
    "measured": 0.147,
    "predicted": 0.159
  },
  {
    "users": 6000,
    "channels": 6000,
    "messagesPerSecond": 1,
    "measured": 0.185,
    "predicted": 0.177
  },
  {
    "users": 8000,
    "channels": 80,
    "messagesPerSecond": 1,
    "measured": 0.116,
    "predicted": 0.095
  }
];
