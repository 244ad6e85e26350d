import type { Network } from './network.ts';

export const loadBalancer: Network = {
  name: 'load-balancer',
  title: 'Load balancer',
  does: 'Gives each request to the next of two nodes, whoever asks: nothing is sticky.',
  nodes: 2,
  changes: 'One node is killed and every connection is cut; the balancer knows it at once.',
  async open(nodes, _, place) {
    const box = await place(nodes[0]!);
    let turn = 0;
    const next = () => {
      const up = nodes.filter(({ isUp }) => isUp);
      return up[turn++ % up.length];
    };
    box.use(({ client, forward }) => {
      forward(undefined, { port: next()?.port }).pipe(client);
    });
    // A packet tells it nothing but whose it is.
    if (box.datagrams) box.datagrams.route = () => next()?.udpPort ?? nodes[0]!.udpPort!;
    return { box };
  },
  async change(ways, [first]) {
    const killed = first!.kill();
    for (const { box } of ways) box.resetAll();
    await killed;
  },
};
