import { acceptOf, GUID } from './dissect/accept-key.ts';
import { hexOf } from './hex.ts';

/** How the hub gets from the browser's key to its answer. */
export function AcceptView({ sentKey, sent }: { sentKey: string; sent: string | undefined }) {
  const { digest, accept } = acceptOf(sentKey);
  return (
    <div class="accept">
      <h4>The accept key, worked out here</h4>
      <ol>
        <li>
          <span>The key that was sent, and the constant of RFC 6455 after it</span>
          <code>
            {sentKey}
            <i>{GUID}</i>
          </code>
        </li>
        <li>
          <span>SHA-1 of it, 20 bytes</span>
          <code>{hexOf(digest)}</code>
        </li>
        <li>
          <span>The same in base64</span>
          <code>{accept}</code>
        </li>
      </ol>
      <p class={accept === sent ? 'verdict' : 'verdict fault'}>
        {accept === sent
          ? 'The hub sent exactly this: it has read the key, and speaks WebSocket.'
          : `The hub sent something else: ${sent ?? 'nothing'}.`}
      </p>
    </div>
  );
}
