import type { Purpose } from './dissect/steps.ts';
import { bytesOf, perOne } from './figures.ts';
import { READABLE } from './readable.ts';
import { nameOf } from './sentences.ts';
import { NO_SUM, type Sum } from './sum.ts';
import { INSPECTED } from './transports.ts';

const PURPOSES: readonly Purpose[] = [...READABLE, 'publish'];

/** What messages cost beside themselves, by transport: as measured on this page, and as the field claims. */
export function Overhead({ sums }: { sums: ReadonlyMap<Purpose, Sum> }) {
  return (
    <section aria-labelledby="overhead-title">
      <h2 id="overhead-title">
        Overhead against content <small>since this page was opened or cleared, both directions</small>
      </h2>
      <table class="overhead">
        <thead>
          <tr>
            <th scope="col">Wire</th>
            <th scope="col">Requests</th>
            <th scope="col">Heads a request</th>
            <th scope="col">Messages</th>
            <th scope="col">Framing a message</th>
            <th scope="col">Upkeep</th>
            <th scope="col">Content</th>
          </tr>
        </thead>
        <tbody>
          {PURPOSES.map((purpose) => {
            const sum = sums.get(purpose) ?? NO_SUM;
            const claims = purpose === 'publish' ? undefined : INSPECTED[purpose].claims;
            return (
              <tr key={purpose} data-purpose={purpose} class={sums.has(purpose) ? undefined : 'untouched'}>
                <th scope="row">{nameOf(purpose)}</th>
                <td data-name="Requests">{sum.requests}</td>
                <td data-name="Heads a request">
                  {unit(perOne(sum.heads, sum.requests))}
                  {claims?.heads && <Claim text={claims.heads} />}
                </td>
                <td data-name="Messages">{sum.messages}</td>
                <td data-name="Framing a message">
                  {unit(perOne(sum.framing, sum.messages))}
                  {claims?.framing && <Claim text={claims.framing} />}
                </td>
                <td data-name="Upkeep">{bytesOf(sum.upkeep)}</td>
                <td data-name="Content">{bytesOf(sum.content)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="note overhead-note">
        Heads: of requests and answers. Framing: chunk sizes, field names, frame headers. Upkeep: padding,
        comments, pings, closes. In small type: what the field says.
      </p>
    </section>
  );
}

function unit(figure: string): string {
  return figure === '–' ? figure : `${figure} B`;
}

function Claim({ text }: { text: string }) {
  return (
    <small>
      <span class="unseen">The field says: </span>
      {text}
    </small>
  );
}
