/** A tab of a browser that runs for as long as the test lasts, by whatever protocol its maker has for driving it. */
export interface Tab {
  /** Shows a page, and resolves once it is loaded. */
  show(url: string): Promise<void>;
  /** What a function of the page returns, or what its promise resolves with, as JSON. */
  run<Args extends readonly unknown[], Result>(
    script: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;
}

/** What an engine has to do for a tab. */
export interface Driver {
  show(url: string): Promise<unknown>;
  /** Resolves with what an expression's promise resolves with, a text. */
  evaluate(expression: string): Promise<string>;
}

export function tabOf({ show, evaluate }: Driver): Tab {
  return {
    async show(url) {
      await show(url);
    },
    async run(script, ...args) {
      const call = `(${script})(...${JSON.stringify(args)})`;
      const result = await evaluate(
        `Promise.resolve(${call}).then((value) => JSON.stringify(value ?? null))`,
      );
      return JSON.parse(result);
    },
  };
}
