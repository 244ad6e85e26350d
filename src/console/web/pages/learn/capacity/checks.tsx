import { CHECKS, FIGURES } from '../../../../../capacity/figures.ts';
import { counted } from './words.ts';

/** Whether the model says what is: loads that one node was given, beside what the model said of them. */
export function Checks() {
  const ratios = CHECKS.map(({ measured, predicted }) => predicted / measured);
  return (
    <section aria-labelledby="checks-title">
      <h3 id="checks-title">How far it can be trusted</h3>
      <p class="lead">
        These loads were put on one node, other ones than the model is made of. It said between{' '}
        {Math.min(...ratios).toFixed(2)} and {Math.max(...ratios).toFixed(2)} times what they really took.
        Beyond {Math.max(...CHECKS.map(({ users }) => users)).toLocaleString('en')} users nobody has looked.
      </p>
      <table class="estimates checks">
        <caption class="unseen">Cores of one node, measured and predicted</caption>
        <thead>
          <tr>
            <th scope="col">Load, by WebSocket</th>
            <th scope="col">Cores, measured</th>
            <th scope="col">Predicted</th>
            <th scope="col">Ratio</th>
          </tr>
        </thead>
        <tbody>
          {CHECKS.map(({ users, channels, messagesPerSecond, measured, predicted }) => (
            <tr key={`${users} ${channels}`}>
              <th scope="row">
                {users.toLocaleString('en')} users, {counted(channels, 'channel')}, {messagesPerSecond} a
                second each
              </th>
              <td>{measured.toFixed(3)}</td>
              <td>{predicted.toFixed(3)}</td>
              <td>{(predicted / measured).toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">
        {FIGURES.read}, one process, its log in memory. <code>npm run bench -- shapes capacity</code> in
        fanwire’s repository reads it anew on your machine.
      </p>
    </section>
  );
}
