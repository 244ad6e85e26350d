import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { API } from 'typescript/unstable/async';

/** What an editor has a version of TypeScript say of a project. */
export interface Editor {
  /** The faults of all files but one, and of the package's own: `file:line: sentence`. */
  faults(butOf: string): Promise<string[]>;
  /** What is offered at a place in a file. */
  completions(file: string, position: number): Promise<string[]>;
}

/** The part of the API of TypeScript 5 that is used; the package is another version's than the one whose types are here. */
interface OldTypeScript {
  readonly version: string;
  readonly sys: { readonly useCaseSensitiveFileNames: boolean };
  getParsedCommandLineOfConfigFile(
    config: string,
    options: object,
    host: object,
  ): { fileNames: string[]; options: object };
  getDefaultLibFilePath(options: object): string;
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
  readonly ScriptSnapshot: { fromString(text: string): object };
  createLanguageService(host: object): {
    getSemanticDiagnostics(file: string): OldDiagnostic[];
    getSyntacticDiagnostics(file: string): OldDiagnostic[];
    getCompletionsAtPosition(
      file: string,
      position: number,
      options: object,
    ): { entries: { name: string }[] } | undefined;
    getProgram(): { getSourceFiles(): readonly { readonly fileName: string }[] };
    dispose(): void;
  };
}

interface OldDiagnostic {
  readonly start: number;
  readonly messageText: unknown;
}

/** TypeScript 5.4, the oldest that is promised. */
export function openOldest(t: TestContext, config: string): Editor {
  const require = createRequire(resolve('test/types/oldest/package.json'));
  const ts = require('typescript') as OldTypeScript;
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(resolve(config), {}, host);
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot(file: string) {
      const text = contentOf(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => process.cwd(),
    getCompilationSettings: () => options,
    getDefaultLibFileName: (given: object) => ts.getDefaultLibFilePath(given),
  });
  t.after(() => service.dispose());
  return {
    async faults(butOf) {
      const sources = service.getProgram().getSourceFiles();
      return sources
        .map(({ fileName }) => fileName)
        .filter(
          (file) => (fileNames.includes(file) && !file.endsWith(butOf)) || file.startsWith(resolve('dist')),
        )
        .flatMap((file) =>
          [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)].map((fault) =>
            placed(file, fault.start, ts.flattenDiagnosticMessageText(fault.messageText, ' ')),
          ),
        );
    },
    async completions(file, position) {
      const info = service.getCompletionsAtPosition(resolve(file), position, {});
      return info?.entries.map(({ name }) => name) ?? [];
    },
  };
}

/** The TypeScript that this repository is built with. */
export async function openNewest(t: TestContext, config: string): Promise<Editor> {
  const api = new API({ cwd: process.cwd() });
  t.after(() => api.close());
  const snapshot = await api.updateSnapshot({ openProjects: [resolve(config)] });
  const project = snapshot.getProject(resolve(config));
  if (!project) throw new Error(`no project of ${config}`);
  return {
    async faults(butOf) {
      const faults: string[] = [];
      const declared = (await project.program.getSourceFileNames()).filter((name) =>
        name.startsWith(resolve('dist')),
      );
      for (const file of [...project.rootFiles.filter((name) => !name.endsWith(butOf)), ...declared]) {
        const found = [
          ...(await project.program.getSyntacticDiagnostics(file)),
          ...(await project.program.getSemanticDiagnostics(file)),
        ];
        faults.push(...found.map(({ pos, text }) => placed(file, pos, text)));
      }
      return faults;
    },
    async completions(file, position) {
      const info = await project.checker.getCompletionsAtPosition(resolve(file), position);
      return info?.entries.map(({ name }) => name.replace('?', '')) ?? [];
    },
  };
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function placed(file: string, position: number, sentence: string): string {
  const line = readFileSync(file, 'utf8').slice(0, position).split('\n').length;
  return `${file.split('/').at(-1)}:${line}: ${sentence}`;
}

function fail(fault: unknown): never {
  throw new Error(JSON.stringify(fault));
}
