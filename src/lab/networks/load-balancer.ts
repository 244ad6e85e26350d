import type { Network } from './network.ts';

export const loadBalancer: Network = {
  name: 'load-balancer',
  title: 'Load balancer',
  does: 'Gives each request to the next of two nodes, whoever asks: nothing is sticky.',
  nodes: 2,
  changes: 'One node is killed and every connection is cut; the balancer knows it at once.',
  async open(nodes, _, place) {
    const box = await place(nodes[0]!.port);
    let turn = 0;
    box.use(({ client, forward }) => {
      const up = nodes.filter(({ isUp }) => isUp);
      forward(undefined, { port: up[turn++ % up.length]?.port }).pipe(client);
    });
    return { box };
  },
  async change(ways, [first]) {
    const killed = first!.kill();
    for (const { box } of ways) box.resetAll();
    await killed;
  },
};
