import { type ParseArgsConfig, parseArgs } from 'node:util';
import { suggestion } from '../config/nearest.ts';
import { usageFailure } from './failure.ts';

export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Resolves when the command has done its work or, for one that stays, once it is under way. */
  run(args: readonly string[]): Promise<void>;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/**
 * Reads a command's arguments.
 * @param operands names of what may stand beside the options; a trailing `?` marks one that may be left out
 * @throws Failure with exit code 2 that names the argument
 */
export function readArguments<const O extends Options>(
  args: readonly string[],
  options: O,
  operands: readonly string[] = [],
): { values: Values<O>; operands: readonly string[] } {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const known = Object.keys(options).map((name) => `--${name}`);
    throw usageFailure(`unknown option ${token.rawName}${suggestion(token.rawName, known)}`);
  }
  const { values, positionals } = parseStrictly(args, options);
  const missing = operands.slice(positionals.length).find((operand) => !operand.endsWith('?'));
  if (missing) throw usageFailure(`${missing} is missing`);
  const surplus = positionals[operands.length];
  if (surplus !== undefined) throw usageFailure(`unexpected argument ${surplus}`);
  return { values, operands: positionals };
}

function parseStrictly<const O extends Options>(
  args: readonly string[],
  options: O,
): { values: Values<O>; positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // An option without its value, or a flag with one: Node's own sentence names it.
    throw usageFailure((error as Error).message);
  }
}

/** Reads a whole number from an option's text. */
export function readNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw usageFailure(`${name} takes a whole number from ${min} to ${max}, not ${text}`);
}
