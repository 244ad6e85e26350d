'use client';

import { connect } from 'fanwire/client';
import { FanwireProvider, useChannel } from 'fanwire/react';

export default function Page() {
  return (
    <FanwireProvider client={() => connect('/realtime')}>
      <Greetings />
    </FanwireProvider>
  );
}

function Greetings() {
  const { last } = useChannel('greetings', { last: 1 });
  return <p>{last ? `Visitors: ${last.data.greeted}` : 'Nobody has come yet.'}</p>;
}
