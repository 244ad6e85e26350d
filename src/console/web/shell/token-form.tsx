import { useState } from 'preact/hooks';

interface TokenFormProps {
  /** The hub's own sentence on what it refused. */
  readonly reason: string;
  readonly onToken: (token: string) => void;
}

/** Asks for a token where the hub wants one. */
export function TokenForm({ reason, onToken }: TokenFormProps) {
  const [token, setToken] = useState('');
  return (
    <section class="token" aria-labelledby="token-title">
      <h2 id="token-title">This hub asks for a token</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onToken(token.trim());
        }}
      >
        <label for="token">{reason}</label>
        <div class="actions">
          <input
            id="token"
            type="password"
            autocomplete="off"
            required
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
          <button type="submit">Use it</button>
        </div>
        <p class="note">
          The terminal in which the hub was started shows the operator’s token. Where the hub accepts tokens
          of a secret,{' '}
          <code>
            fanwire token <span class="command">--read '*,console:*'</span>{' '}
            <span class="command">--publish '*,console:*'</span>
          </code>{' '}
          makes one, with the same <code>FANWIRE_SECRET</code>.
        </p>
      </form>
    </section>
  );
}
