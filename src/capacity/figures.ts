// Written by bench/report.mjs from bench/results, not by hand.
import type { CapacityFigures, Check } from './model.ts';

export const FIGURES: CapacityFigures = {
  "read": "2026-11-30, AMD EPYC",
  "deliveryUs": [
    {
      "readers": 1,
      "us": 36.99
    },
    {
      "readers": 10,
      "us": 18.53
    },
    {
      "readers": 1000,
      "us": 11.94
    }
  ],
  "factor": {
    "websocket": 1,
    "sse": 0.99,
    "http-streaming": 0.97
  },
  "envelopeBytes": {
    "websocket": 77,
    "sse": 35,
    "http-streaming": 80
  },
  "connectionKB": {
    "websocket": 6.6,
    "sse": 4.7,
    "http-streaming": 4.4
  },
  "kernelKB": 3.7,
  "publishUs": 94.87,
  "logUs": {
    "redis": 44,
    "nats": 96
  },
  "logRate": {
    "redis": 40469,
    "nats": 27293
  }
};

/** Loads that one node was given, from few users to many. */
export const CHECKS: readonly Check[] = [
  {
    "users": 1000,
    "channels": 1,
    "messagesPerSecond": 20,
    "measured": 0.235,
    "predicted": 0.286
  },
  {
    "users": 4000,
    "channels": 1000,
    "messagesPerSecond": 2,
    "measured": 0.272,
    "predicted": 0.237
  },
  {
    "users": 6000,
    "channels": 6000,
    "messagesPerSecond": 1,
    "measured": 0.333,
    "predicted": 0.253
  },
  {
    "users": 8000,
    "channels": 80,
    "messagesPerSecond": 1,
    "measured": 0.209,
    "predicted": 0.142
  }
];
