import type { Catalogue } from '../../../networks/reports.ts';

interface BetweenProps {
  readonly network: Pick<Catalogue['networks'][number], 'title' | 'nodes'>;
  /** How many techniques there are. */
  readonly clients: number;
  /** Whether each node is up; undefined while nothing runs. */
  readonly nodes?: readonly boolean[] | undefined;
}

/** What stands where: all of it is real, and on the hub's machine. */
export function Between({ network: { title, nodes: count }, clients, nodes }: BetweenProps) {
  const names = count > 1 ? ['Node A', 'Node B'] : ['Hub'];
  return (
    <div class="between-of">
      <p>
        <b>{clients} clients</b>
        <small>one of each technique</small>
      </p>
      <span class="wire-of" aria-hidden="true" />
      <p class="box-of">
        <b>{title}</b>
        <small>a middlebox for each client</small>
      </p>
      <span class="wire-of" aria-hidden="true" />
      <p class="hubs">
        {names.map((name, index) => (
          <b key={name} class={nodes?.[index] === false ? 'down' : undefined}>
            {name}
            {nodes?.[index] === false && ' is down'}
          </b>
        ))}
        <small>of the lab’s own, not this hub</small>
      </p>
    </div>
  );
}
