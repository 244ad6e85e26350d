import assert from 'node:assert/strict';

/** One step of a transcript: lines of one side, without the mark before them. */
export interface Step {
  /** `>` is what the client sends, `<` what the hub answers, `*` what happens elsewhere in the meantime. */
  readonly mark: '>' | '<' | '*';
  readonly lines: readonly string[];
}

/** Joins neighbouring lines of a side in one step; each `*` is a step of its own. */
export function stepsOf(text: string): Step[] {
  const steps: { mark: Step['mark']; lines: string[] }[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const [, mark, content = ''] = /^([><*])(?: (.*))?$/.exec(line) ?? assert.fail(`not a step: ${line}`);
    const last = steps.at(-1);
    if (last && last.mark === mark && mark !== '*') last.lines.push(content);
    else steps.push({ mark: mark as Step['mark'], lines: [content] });
  }
  return steps;
}

/** Whether a line is as shown, apart from what differs at every run. */
export function isAsShown(shown: string, actual: string): boolean {
  return patternOf(shown).test(actual);
}

export function assertAsShown(shown: string, actual: string): void {
  // The equality is for its message alone.
  if (!isAsShown(shown, actual)) assert.equal(actual, shown);
}

function patternOf(shown: string): RegExp {
  const pattern = shown
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replace(/"(time|since)":\d+/g, '"$1":\\d{13}')
    .replace(/"node":"\w+"/g, '"node":"\\w+"')
    .replaceAll('…', '.+');
  return new RegExp(`^${pattern}$`);
}
