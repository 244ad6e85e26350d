import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ErrorCode, FanwireError } from '../../src/protocol/errors.ts';

/** A parser, with inputs for it and what has to hold for each of them. */
export interface Target {
  readonly name: string;
  /** Its part of all runs: less where a run takes longer. */
  readonly weight: number;
  run(parameters: fc.Parameters<unknown>, ran: () => void): Promise<void>;
}

/** An input that takes longer is taken for a hang. Far above what any takes on a busy machine. */
const SLOW_MS = 2000;

/**
 * @param check throws for an input that breaks a promise
 */
export function target<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
  weight = 1,
): Target {
  return {
    name,
    weight,
    run: async (parameters, ran) => {
      const property = fc.asyncProperty(inputs, async (input) => {
        const began = performance.now();
        // Not awaited for nothing: most are over at once.
        const checked = check(input);
        if (checked) await checked;
        const tookMs = performance.now() - began;
        assert.ok(tookMs < SLOW_MS, `took ${tookMs.toFixed(0)} ms`);
        ran();
      });
      await fc.assert(property, parameters as fc.Parameters<[Input]>);
    },
  };
}

/** What a parser gives, or undefined where it refuses its input by one of these errors. Anything else is thrown on. */
export function unlessRefused<Result>(codes: readonly ErrorCode[], parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FanwireError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
