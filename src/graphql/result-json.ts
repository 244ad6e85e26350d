/** JSON as it was published: to parse it and write it anew would change large numbers. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The JSON of a result, in which messages stand as they were published. */
export function resultJson(value: unknown): string {
  if (value instanceof WrittenJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(resultJson).join(',')}]`;
  // What says by itself what it is, an error of graphql-js above all.
  if (typeof value !== 'object' || value === null || 'toJSON' in value)
    return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${resultJson(member)}`).join(',')}}`;
}
