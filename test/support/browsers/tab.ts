/** A tab of a browser that runs for as long as the test lasts, by whatever protocol its maker has for driving it. */
export interface Tab {
  /** Shows a page, and resolves once it is loaded. */
  show(url: string): Promise<void>;
  /** Has the page run a script as the browser's own tools do it, whatever the page's policy. */
  load(source: string): Promise<void>;
  /** Gives the page so many CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  /** The page, or as much of it as the window shows, as PNG. */
  picture(): Promise<Buffer>;
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
  resize(width: number, height: number): Promise<unknown>;
  /** Resolves with a PNG in base64. */
  picture(): Promise<string>;
}

export function tabOf({ show, evaluate, resize, picture }: Driver): Tab {
  return {
    async show(url) {
      await show(url);
    },
    async load(source) {
      await evaluate(`Promise.resolve((() => { ${source}\n })()).then(() => 'null')`);
    },
    async resize(width, height) {
      await resize(width, height);
    },
    picture: async () => Buffer.from(await picture(), 'base64'),
    async run(script, ...args) {
      const call = `(${script})(...${JSON.stringify(args)})`;
      const result = await evaluate(
        `Promise.resolve(${call}).then((value) => JSON.stringify(value ?? null))`,
      );
      return JSON.parse(result);
    },
  };
}
