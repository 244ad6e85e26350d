import { useEffect, useState } from 'preact/hooks';
import type { Loss, LossRun, Passed } from '../../../../../../lab/lost-packet/loss.ts';
import { sentenceOf } from '../../../../shell/connection.ts';
import type { PageProps } from '../../../../shell/pages.ts';
import { Claim } from '../../claim.tsx';
import { longest, Ways } from './ways.tsx';

const TIMEOUT_MS = 60_000;

type Asked =
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'measured'; readonly loss: Loss };

/** A packet is lost for real, once beneath three streams of HTTP/2 and once beneath three of QUIC, and what each stream got is drawn. */
export function LostPacket({ fanwire }: Pick<PageProps, 'fanwire'>) {
  const [asked, setAsked] = useState<Asked>({ kind: 'asking' });
  const [round, setRound] = useState(0);

  useEffect(() => {
    let isOver = false;
    setAsked({ kind: 'asking' });
    fanwire.request<Loss>('console:lost-packet', {}, { timeoutMs: TIMEOUT_MS }).then(
      (loss) => isOver || setAsked({ kind: 'measured', loss }),
      (error) => isOver || setAsked({ kind: 'failed', why: sentenceOf(error) }),
    );
    return () => {
      isOver = true;
    };
  }, [fanwire, round]);

  const loss = asked.kind === 'measured' ? asked.loss : undefined;
  return (
    <section class="lost-packet" aria-labelledby="lost-title">
      <h3 id="lost-title">A lost packet</h3>
      <p class="lead">
        Three channels are read side by side over one connection, and for 200 ms a packet with a message of
        stream A is missing. TCP has one order for all bytes: what came behind the missing ones waits for
        them, whosever it is. QUIC has an order for each stream.
      </p>
      <Ways
        key={`http2 ${round} ${asked.kind}`}
        title="HTTP/2, over TCP"
        run={loss?.http2}
        caption={loss ? wordsOf(loss.http2) : stateOf(asked)}
      />
      <Ways
        key={`quic ${round} ${asked.kind}`}
        title={loss && !loss.quic ? 'QUIC: a drawing, not a reading' : 'WebTransport, over QUIC'}
        run={loss && (loss.quic ?? drawn(loss.http2.missing))}
        caption={loss ? (loss.quic ? wordsOf(loss.quic) : NOT_HERE) : stateOf(asked)}
      />
      <Claim of={['webtransport']}>{loss && claimWords(loss)}</Claim>
      <div class="actions">
        <button
          type="button"
          class="plain"
          disabled={asked.kind === 'asking'}
          onClick={() => setRound((before) => before + 1)}
        >
          Lose it again
        </button>
        <p class="note">
          Measured in a process of its own on the hub’s computer, between a hub and clients like any other. A
          relay between them withholds TCP’s bytes, as a receiver does that misses a segment, and loses
          packets of UDP.
        </p>
      </div>
    </section>
  );
}

function claimWords({ http2, quic }: Loss): string {
  const over = longest(http2);
  const tcp = `Beneath HTTP/2 one lost packet held up all three streams: ${over.a}, ${over.b} and ${over.c} ms.`;
  if (!quic) return `${tcp} ${NOT_HERE}`;
  const { a, b, c } = longest(quic);
  return `${tcp} Over QUIC it held up stream A for ${a} ms, while nothing on B took longer than ${b} ms, and on C ${c} ms.`;
}

const NOT_HERE = 'This hub’s computer has no @fanwire/webtransport: with it, this is measured as well.';

function stateOf(asked: Asked): string {
  return asked.kind === 'failed' ? asked.why : 'is being measured: it takes some seconds …';
}

function wordsOf(run: LossRun): string {
  const { a, b, c } = longest(run);
  return `the longest wait meanwhile: ${a} ms on A, ${b} ms on B, ${c} ms on C`;
}

/** What QUIC does, where nothing can be measured: stream A alone waits. */
function drawn(missing: LossRun['missing']): LossRun {
  const passed = (['a', 'b', 'c'] as const).flatMap((channel, index) =>
    Array.from({ length: 34 }, (_, nth): Passed => {
      const publishedMs = nth * 40 + index * 13;
      const waits = channel === 'a' && publishedMs >= missing.from && publishedMs < missing.to;
      return { channel, publishedMs, arrivedMs: waits ? missing.to + 10 : publishedMs + 2 };
    }),
  );
  return { passed, missing };
}
