import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useReducer } from 'preact/hooks';
import type { Status } from '../../../../../client/index.ts';
import type { ClaimName } from '../../../../../field/claims.ts';
import { ENDPOINT_NAMES, type EndpointName } from '../../../../endpoint-name.ts';
import { ENDPOINTS } from '../../../endpoints.ts';
import { type Lane, settled } from '../../../measure/lane.ts';
import { Publisher } from '../../../measure/publisher.ts';
import { useLanes } from '../../../measure/use-lanes.ts';
import { pageProtocol } from '../../../parts/page-protocol.ts';
import { isServed } from '../../../shell/connection.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { bytesOf, delayOf } from '../../../transports.ts';
import { Claim } from '../claim.tsx';
import { LostPacket } from './lost-packet/lost-packet.tsx';
import { GRAPHQL, GRPC, HTTP2, Pipe } from './pipe.tsx';

const SERVED = ENDPOINT_NAMES.filter(isServed);
const PUBLISH_MS = 2000;

/** What the field says, and what it is about. */
const TAUGHT: Readonly<Record<EndpointName, { readonly claim: ClaimName; readonly idea: string }>> = {
  graphql: {
    claim: 'graphql',
    idea: 'A query that goes on: the client names the fields, and each event brings them. Underneath is one of the transports of this course.',
  },
  grpc: {
    claim: 'grpc',
    idea: 'A call whose answer is a stream of messages, described by a schema. Browsers can’t read the trailers of HTTP/2 that it ends with, so pages use gRPC-Web or Connect.',
  },
};

const PICTURES = {
  graphql: { colour: 'var(--graphql)', parts: GRAPHQL },
  grpc: { colour: 'var(--grpc)', parts: GRPC },
} as const;

/** What follows after the five transports: live where this hub has it, and in words where it has not. */
export default function Beyond({ fanwire, status, connectBeside, onRefused }: PageProps) {
  // A refusal shows as a lane that stays closed; the shell asks for a token.
  const publisher = useMemo(() => new Publisher(fanwire, () => {}), [fanwire]);
  const lanes = useLanes({
    fanwire,
    connectBeside,
    onRefused,
    names: SERVED,
    pollIntervalMs: PUBLISH_MS,
    by: publisher.by,
    open: true,
  });
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (SERVED.length === 0) return;
    const timer = setInterval(() => {
      if (lanes.length === SERVED.length && settled(lanes)) publisher.publish();
      draw(undefined);
    }, PUBLISH_MS);
    return () => clearInterval(timer);
  }, [lanes, publisher]);

  const protocol = pageProtocol();
  return (
    <>
      <section class="claims" aria-labelledby="http2-title">
        <h3 id="http2-title">HTTP/2</h3>
        <p>
          Many requests share one connection, each a stream of its own. What a stream costs in connections is
          gone, and heads are compressed. The bytes of all streams still come in the one order of TCP.
        </p>
        {protocol !== 'HTTP/2' && (
          <Pipe title="Three requests over one connection of HTTP/2" colour="var(--sse)" parts={HTTP2} />
        )}
        <Claim of={['http2', 'six-connections']}>
          {protocol === 'HTTP/2' ? (
            'This page came over HTTP/2. '
          ) : (
            <>
              This page came over {protocol}: browsers speak HTTP/2 with TLS alone, as{' '}
              <code class="command">fanwire serve --tls</code> does.{' '}
            </>
          )}
          <a href="/learn/six-connections">Seven streams</a> show the difference.
        </Claim>
      </section>
      <section class="claims" aria-labelledby="webtransport-title">
        <h3 id="webtransport-title">WebTransport</h3>
        <p>
          A session over HTTP/3, which runs over QUIC and so over UDP. Each stream has an order of its own: a
          packet that is lost holds up the stream that it belongs to. Datagrams come in no order, or not at
          all.
        </p>
        <Claim of={['webtransport']}>{webTransportOf(status)}</Claim>
      </section>
      <LostPacket fanwire={fanwire} />
      {ENDPOINT_NAMES.map((name) => (
        <section key={name} class="claims" aria-labelledby={`${name}-title`}>
          <h3 id={`${name}-title`}>{ENDPOINTS[name].label}</h3>
          <p>{TAUGHT[name].idea}</p>
          {!isServed(name) && (
            <Pipe title={`A subscription by ${ENDPOINTS[name].label}`} {...PICTURES[name]} />
          )}
          <Claim of={[TAUGHT[name].claim, 'same-idea']}>
            {isServed(name) ? (
              readingOf(lanes.find((lane) => lane.name === name))
            ) : (
              <>
                This hub does not serve it:{' '}
                <code class="command">fanwire serve {ENDPOINTS[name].option}</code> does.
              </>
            )}
          </Claim>
        </section>
      ))}
    </>
  );
}

function webTransportOf(status: Status): ComponentChildren {
  if (status.state === 'connected' && status.transport === 'webtransport')
    return 'This page is connected by WebTransport.';
  const failure = status.failures.find(({ transport }) => transport === 'webtransport');
  if (failure) return `This page tried, and left it: ${failure.cause} (${failure.detail}).`;
  return (
    <>
      This page has not tried it: this hub has not offered it, as{' '}
      <code class="command">fanwire serve --webtransport</code> does.
    </>
  );
}

function readingOf(lane: Lane | undefined): string {
  if (!lane) return 'Opening …';
  const { state, received, delayMs, cost } = lane;
  if (state.kind === 'blocked') return `Blocked here: ${state.why}.`;
  if (received === 0) return 'Open: the first message is under way …';
  const messages = received === 1 ? 'One message' : `${received} messages`;
  const framing = cost?.framing === undefined ? '' : ` Around each stand ${bytesOf(cost.framing)}.`;
  return `${messages} came down without being asked for, after ${delayOf(delayMs)} on average.${framing}`;
}
