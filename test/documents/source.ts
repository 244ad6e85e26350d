import { readFileSync } from 'node:fs';

export interface Member {
  readonly name: string;
  /** What its comment says after `Default:`. */
  readonly default: string | undefined;
}

export function sourceOf(file: string): string {
  return readFileSync(file, 'utf8');
}

/** The members of an exported interface, in order. */
export function membersOf(file: string, name: string): Member[] {
  const [, body = ''] = new RegExp(`^export interface ${name} [^{]*{\n(.*?)^}`, 'ms').exec(sourceOf(file))!;
  const members = body.matchAll(/(?:^ {2}\/\*\*((?:(?!\*\/).)*)\*\/\n)?^ {2}(?:readonly )?(\w+)\??:/gms);
  return [...members].map(([, comment = '', member]) => {
    const text = comment.replace(/\n\s*\*/g, '').replace(/\s+/g, ' ');
    return { name: member!, default: /Default: (.+?)\.(?:\s|$)/.exec(text)?.[1] };
  });
}
