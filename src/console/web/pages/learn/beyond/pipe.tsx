export interface PipePart {
  readonly text: string;
  readonly from: 'client' | 'server';
}

interface PipeProps {
  readonly title: string;
  /** A CSS colour. */
  readonly colour: string;
  /** In the order in which they cross. */
  readonly parts: readonly PipePart[];
}

/** What crosses one connection, drawn: for what this hub does not serve. */
export function Pipe({ title, colour, parts }: PipeProps) {
  return (
    <figure class="pipe" style={{ '--t': colour }}>
      <figcaption class="unseen">{title}</figcaption>
      <span aria-hidden="true">Browser</span>
      <ol>
        {parts.map(({ text, from }, index) => (
          <li key={index} data-from={from}>
            {from === 'client' ? '→ ' : '← '}
            {text}
          </li>
        ))}
      </ol>
      <span aria-hidden="true">Hub</span>
    </figure>
  );
}

const up = (text: string): PipePart => ({ text, from: 'client' });
const down = (text: string): PipePart => ({ text, from: 'server' });

export const HTTP2 = [
  up('HEADERS 1'),
  up('HEADERS 3'),
  up('HEADERS 5'),
  down('DATA 1'),
  down('DATA 5'),
  down('DATA 3'),
  down('DATA 1'),
];

export const GRAPHQL = [
  up('connection_init'),
  down('connection_ack'),
  up('subscribe { goals { home } }'),
  down('next {"home":1}'),
  down('next {"home":2}'),
  up('complete'),
];

export const GRPC = [
  up('HEADERS /fanwire.v1.Hub/Subscribe'),
  up('DATA Request'),
  down('HEADERS 200'),
  down('DATA Message'),
  down('DATA Message'),
  down('HEADERS grpc-status 0'),
];
