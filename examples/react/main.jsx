import { FanwireProvider, useChannel, useStatus } from 'fanwire/react';
// One connection for all tabs; 'fanwire/client' gives each its own.
import { connect } from 'fanwire/tabs';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Chat() {
  const { messages, gaps, error, publish } = useChannel('chat', { last: 20, keep: 100 });
  const [text, setText] = useState('');
  const send = async (event) => {
    event.preventDefault();
    await publish(text);
    setText('');
  };
  return (
    <>
      {gaps.length > 0 && <p>Older messages are gone.</p>}
      <ol>
        {messages.map(({ id, data }) => (
          <li key={id}>{data}</li>
        ))}
      </ol>
      <form onSubmit={send}>
        <input aria-label="Message" value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit">Send</button>
      </form>
      {error && <p role="alert">{error.message}</p>}
    </>
  );
}

function Connection() {
  const { state, why } = useStatus();
  return <footer title={why}>{state}</footer>;
}

createRoot(document.querySelector('main')).render(
  <StrictMode>
    <FanwireProvider client={() => connect('/realtime')}>
      <Chat />
      <Connection />
    </FanwireProvider>
  </StrictMode>,
);
