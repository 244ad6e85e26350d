import { send } from './http.ts';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the hub's metrics. */
export async function metricsOf(url: string): Promise<Sample[]> {
  const { text } = await send(`${url}/metrics`);
  return [...text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name, labels = '', value]) => ({
      name: name!,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
      ),
      value: Number(value),
    }),
  );
}

/** The sum of what a name and labels select. */
export function metricValue(
  samples: readonly Sample[],
  name: RegExp,
  labels: Record<string, string> = {},
): number {
  return samples
    .filter((sample) => name.test(sample.name))
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
