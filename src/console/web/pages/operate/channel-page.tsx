import { useEffect, useState } from 'preact/hooks';
import { PRESENCE_SUFFIX } from '../../../../protocol/channel-name.ts';
import type { Member } from '../../../../protocol/frames.ts';
import type { ChannelRow } from '../../../operate/reports.ts';
import { Feed } from '../../parts/feed.tsx';
import { PublishForm } from '../../parts/publish-form.tsx';
import { sentenceOf } from '../../shell/connection.ts';
import { Detail } from './client-page.tsx';
import { type Asked, useRows } from './use-rows.ts';
import { counted } from './words.ts';

/** Members that the page names. */
const SHOWN_MEMBERS = 100;

interface ChannelPageProps {
  readonly name: string;
  readonly asked: Asked;
}

/** One channel: what is kept of it, who is there, what comes, and what came after a position. */
export function ChannelPage({ name, asked }: ChannelPageProps) {
  const { fanwire } = asked;
  const { rows, total } = useRows<ChannelRow>(asked, {
    of: 'channel',
    name,
    search: '',
    descending: true,
    limit: 1,
  });
  const [from, setFrom] = useState('');
  const [after, setAfter] = useState<string>();
  const row = rows[0]?.row;
  const known = (value: string | number | undefined) =>
    total === undefined ? 'no node tells' : (value ?? 'nothing');
  return (
    <>
      <div class="lead">
        <a href="/operate">All of the hub</a>
        <h2>
          <span class="unseen">Channel </span>
          <code>{name}</code>
        </h2>
      </div>
      <div class="channel-page">
        <section aria-label="What comes">
          <form
            class="replay"
            onSubmit={(event) => {
              event.preventDefault();
              setAfter(from.trim() || 'start');
            }}
          >
            <label for="replay-from">Replay from a position</label>
            <div class="actions">
              <input
                id="replay-from"
                placeholder={row?.retained?.oldest ?? 'the oldest that is kept'}
                value={from}
                spellcheck={false}
                autocomplete="off"
                onInput={(event) => setFrom(event.currentTarget.value)}
              />
              <button type="submit">Replay</button>
              <button
                type="button"
                class="plain"
                disabled={after === undefined}
                onClick={() => setAfter(undefined)}
              >
                Live tail
              </button>
            </div>
          </form>
          <Feed
            fanwire={fanwire}
            channel={name}
            after={after}
            title={after === undefined ? 'Live, newest first' : `Since ${after}, oldest first`}
          />
        </section>
        <div class="beside">
          <section aria-labelledby="kept-title">
            <h2 id="kept-title">In the log</h2>
            <dl class="details">
              <Detail title="Readers">{known(row ? row.readers : 0)}</Detail>
              <Detail title="Retained">
                {known(row?.retained && counted(row.retained.count, 'message'))}
              </Detail>
              <Detail title="Oldest">{known(row?.retained?.oldest)}</Detail>
              <Detail title="Newest">{known(row?.retained?.newest)}</Detail>
            </dl>
          </section>
          <section aria-labelledby="publish-title">
            <h2 id="publish-title">Publish</h2>
            <PublishForm fanwire={fanwire} channel={name} />
          </section>
          <Present fanwire={fanwire} channel={name} />
        </div>
      </div>
    </>
  );
}

/** Who is present on the channel, now. */
function Present({ fanwire, channel }: Pick<Asked, 'fanwire'> & { channel: string }) {
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    const onError = (error: unknown) => stop.signal.aborted || setFault(sentenceOf(error));
    const refresh = () => void fanwire.presence(channel).then(setMembers, onError);
    const changes = fanwire.subscribe(`${channel}${PRESENCE_SUFFIX}`, {
      onMessage: refresh,
      onError,
      signal: stop.signal,
    });
    changes.ready.then(refresh, () => {});
    return () => stop.abort();
  }, [fanwire, channel]);
  return (
    <section aria-labelledby="present-title">
      <h2 id="present-title">
        Present <small>{counted(members.length, 'member')}</small>
      </h2>
      <ul class="members">
        {members.slice(0, SHOWN_MEMBERS).map(({ client, subject, data }) => (
          <li key={client}>
            <a href={`/operate/clients/${encodeURIComponent(subject ?? client)}`}>
              <code>{subject ?? client}</code>
            </a>
            {data !== undefined && <small>{JSON.stringify(data)}</small>}
          </li>
        ))}
      </ul>
      {fault && <p class="note fault">{fault}</p>}
    </section>
  );
}
