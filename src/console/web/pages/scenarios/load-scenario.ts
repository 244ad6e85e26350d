import type { Client, ClientOptions } from '../../../../client/index.ts';

/** What `page.js` exports: puts the scenario into an element. Returns what ends it. */
export type Mount = (
  fanwire: Client,
  root: HTMLElement,
  more: {
    readonly connect: (options?: Omit<ClientOptions, 'token'>) => Client;
    /** The name of a second person on the same page, who is not whom this tab remembers. */
    readonly guest?: string | undefined;
  },
) => () => void;

export interface LoadedScenario {
  readonly mount: Mount;
  /** As they stand in the repository. */
  readonly files: readonly { readonly file: string; readonly source: string }[];
}

/** Loads the page's part of a scenario, and its code to show: all at once, so that nothing has to move later. */
export async function loadScenario(name: string): Promise<LoadedScenario> {
  // Of a type that bundlers leave alone: each scenario is a file of its own.
  const module: string = `/scenarios/${name}.js`;
  const [{ default: mount }, ...files] = await Promise.all([
    import(module) as Promise<{ default: Mount }>,
    ...['server.js', 'page.js'].map(async (file) => ({
      file,
      source: await readText(`/examples/${name}/${file}`),
    })),
  ]);
  return { mount, files };
}

async function readText(path: string): Promise<string> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} can't be read: the hub answers ${response.status}`);
  return response.text();
}
