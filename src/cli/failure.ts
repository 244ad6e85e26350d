/** Ends a command with a sentence for people and an exit code for scripts. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: 1 | 2;

  constructor(sentence: string, exitCode: 1 | 2 = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** The command line itself was wrong: exit code 2, as shells do it. */
export function usageFailure(sentence: string): Failure {
  return new Failure(sentence, 2);
}
