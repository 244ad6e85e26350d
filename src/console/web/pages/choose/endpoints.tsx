import { ENDPOINTS } from '../../endpoints.ts';

/** For whoever has clients already: what else serves the same channels. */
export function Endpoints({ channel }: { channel: string }) {
  return (
    <section aria-labelledby="endpoints-title">
      <h2 id="endpoints-title">
        For clients that you have already <small>the same channels, positions, rights and gaps</small>
      </h2>
      {Object.values(ENDPOINTS).map(({ label, how, when, option, start }) => (
        <article key={label} class="endpoint">
          <h3>{label}</h3>
          <p>{how}</p>
          <p class="note">
            {when} It is served by <code>fanwire serve {option}</code>.
          </p>
          <pre>{start(channel)}</pre>
        </article>
      ))}
    </section>
  );
}
