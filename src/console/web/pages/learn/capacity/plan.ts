import type { CapacityLog, CapacityTransport, Load, Machine } from '../../../../../capacity/model.ts';

/** What the visitor plans, by the names of its parameters in the page's address. */
export interface Plan {
  readonly users: number;
  readonly transport: CapacityTransport;
  /** Of a channel. */
  readonly readers: number;
  /** Messages a second of one channel. */
  readonly rate: number;
  readonly bytes: number;
  readonly log: CapacityLog;
  readonly cores: number;
  /** GB of a machine. */
  readonly memory: number;
  /** Of a machine, a month. */
  readonly price: number;
  /** Percent. */
  readonly utilisation: number;
  /** The price of a GB that leaves for the internet. */
  readonly traffic: number;
}

export type NumberName = { [Name in keyof Plan]: Plan[Name] extends number ? Name : never }[keyof Plan];
export type ChoiceName = Exclude<keyof Plan, NumberName>;

/** What each number may be. */
export const BOUNDS: Readonly<Record<NumberName, { readonly least: number; readonly most: number }>> = {
  users: { least: 1000, most: 10_000_000 },
  readers: { least: 1, most: 10_000_000 },
  rate: { least: 0.001, most: 1000 },
  bytes: { least: 10, most: 100_000 },
  cores: { least: 1, most: 256 },
  memory: { least: 1, most: 4096 },
  price: { least: 0, most: 1_000_000 },
  utilisation: { least: 10, most: 90 },
  traffic: { least: 0, most: 1000 },
};

export const CHOICES: Readonly<{ [Name in ChoiceName]: readonly Plan[Name][] }> = {
  transport: ['websocket', 'sse', 'http-streaming'],
  log: ['redis', 'nats'],
};

export const FIRST: Plan = {
  users: 1_000_000,
  transport: 'websocket',
  readers: 100,
  rate: 0.1,
  bytes: 128,
  log: 'redis',
  cores: 8,
  memory: 32,
  price: 250,
  utilisation: 50,
  traffic: 0.05,
};

/** Loads to begin with. */
export const EXAMPLES: readonly (readonly [title: string, load: Partial<Plan>])[] = [
  ['Chat rooms', { readers: 100, rate: 0.1, bytes: 128 }],
  ['One score, all watch', { readers: 10_000_000, rate: 0.2, bytes: 128 }],
  ['Notifications', { readers: 1, rate: 0.001, bytes: 256 }],
  ['Game, 20 a room', { readers: 20, rate: 10, bytes: 64 }],
];

/** The plan that an address names, and a sentence for each parameter that can't be. */
export function readPlan(search: string): { readonly plan: Plan; readonly faults: readonly string[] } {
  const plan: Record<string, string | number> = { ...FIRST };
  const faults: string[] = [];
  for (const [name, text] of new URLSearchParams(search)) {
    if (isChoice(name)) {
      const known: readonly string[] = CHOICES[name];
      if (known.includes(text)) plan[name] = text;
      else faults.push(`${name} is one of ${known.join(', ')}, not “${text}”.`);
    } else if (isNumber(name)) {
      const value = numberOf(text);
      if (fits(name, value)) plan[name] = value;
      else faults.push(`${name} is ${rangeOf(name)}, not “${text}”.`);
    }
  }
  return { plan: plan as unknown as Plan, faults };
}

/** All of it, so that a link says the same once other values are the first. */
export function searchOf(plan: Plan): string {
  return `?${new URLSearchParams(Object.entries(plan).map(([name, value]) => [name, `${value}`]))}`;
}

/** NaN where it says none. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

export function fits(name: NumberName, value: number): boolean {
  const { least, most } = BOUNDS[name];
  return value >= least && value <= most;
}

export function rangeOf(name: NumberName): string {
  const { least, most } = BOUNDS[name];
  return `${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
}

export function loadOf({ users, transport, readers, rate, bytes, log }: Plan): Load {
  return { users, transport, readersPerChannel: readers, messagesPerSecond: rate, bytes, log };
}

export function machineOf({ cores, memory, price, utilisation, traffic }: Plan): Machine {
  return { cores, memoryGB: memory, price, utilisation: utilisation / 100, pricePerGB: traffic };
}

const isNumber = (name: string): name is NumberName => Object.hasOwn(BOUNDS, name);
const isChoice = (name: string): name is ChoiceName => Object.hasOwn(CHOICES, name);
