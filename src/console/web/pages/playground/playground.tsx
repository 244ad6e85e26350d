import { useEffect, useId, useMemo, useReducer, useState } from 'preact/hooks';
import { TCP_TRANSPORTS } from '../../../../protocol/transport-name.ts';
import { ENDPOINT_NAMES, type EndpointName } from '../../../endpoint-name.ts';
import { CHANNEL, settled } from '../../measure/lane.ts';
import { Publisher } from '../../measure/publisher.ts';
import { useLanes } from '../../measure/use-lanes.ts';
import { UnseenOverHttp2 } from '../../parts/unseen-over-http2.tsx';
import { useVisible } from '../../parts/use-visible.ts';
import { sentenceOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { perSecond, seconds } from '../../transports.ts';
import { Figures } from './figures.tsx';
import { Timeline } from './timeline.tsx';

const RATES = [0, 0.2, 0.5, 1, 2, 5, 10, 20];
const POLL_INTERVALS_MS = [500, 1000, 2000, 3000, 5000, 10_000];
/** Smooth, or now and then for whoever wants little motion. */
const DRAW_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 50;

const GRAPHQL = ['graphql'] as const;
const GRPC = ['grpc'] as const;

/** One channel read over every wire at once. */
export default function Playground({ fanwire, connectBeside, onRefused }: PageProps) {
  const [rate, setRate] = useState(1);
  const [pollIntervalMs, setPollIntervalMs] = useState(2000);
  const [on, setOn] = useState<readonly EndpointName[]>([]);
  const [fault, setFault] = useState<string>();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const visible = useVisible();
  const publisher = useMemo(() => new Publisher(fanwire, (error) => setFault(sentenceOf(error))), [fanwire]);

  const shared = { fanwire, connectBeside, onRefused, pollIntervalMs, by: publisher.by };
  const transports = useLanes({ ...shared, names: TCP_TRANSPORTS, open: visible });
  // Each by itself, so that a switch leaves all other lanes as they are.
  const graphql = useLanes({ ...shared, names: GRAPHQL, open: visible && on.includes('graphql') });
  const grpc = useLanes({ ...shared, names: GRPC, open: visible && on.includes('grpc') });
  const lanes = [...transports, ...graphql, ...grpc];
  const names = [...TCP_TRANSPORTS, ...on];

  useEffect(() => {
    if (!visible) return;
    const timer = setInterval(draw, DRAW_MS, undefined);
    return () => clearInterval(timer);
  }, [visible]);

  useEffect(() => {
    if (!visible || rate === 0) return;
    const timer = setInterval(() => publisher.publish(), 1000 / rate);
    return () => clearInterval(timer);
  }, [visible, rate, publisher]);

  const ready = lanes.length === names.length && settled(lanes);
  const now = performance.now();
  return (
    <section aria-labelledby="playground-title">
      <h2 id="playground-title">
        One channel, every transport{' '}
        <small>
          every lane reads <code>{CHANNEL}</code>; a message is published once
        </small>
      </h2>
      <div class="controls">
        <Slider
          label="Messages"
          values={RATES}
          value={rate}
          format={(value) => (value === 0 ? 'by hand' : perSecond(value))}
          onChange={setRate}
        />
        <Slider
          label="Poll interval"
          values={POLL_INTERVALS_MS}
          value={pollIntervalMs}
          format={seconds}
          onChange={setPollIntervalMs}
        />
        <button type="button" disabled={!ready} onClick={() => publisher.publish()}>
          Publish one
        </button>
      </div>
      <Timeline names={names} published={publisher.times} lanes={lanes} now={now} />
      <UnseenOverHttp2 what="no bytes of the wire are told below" />
      <Figures
        lanes={lanes}
        pollIntervalMs={pollIntervalMs}
        now={now}
        on={on}
        onSwitch={(name, isOn) =>
          setOn(ENDPOINT_NAMES.filter((each) => (each === name ? isOn : on.includes(each))))
        }
      />
      <p class="note" role="status">
        {fault ??
          'Large: measured in this tab, from the call of publish to the call of the handler. Below it: what the field says.'}
      </p>
    </section>
  );
}

interface SliderProps {
  readonly label: string;
  readonly values: readonly number[];
  readonly value: number;
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}

function Slider({ label, values, value, format, onChange }: SliderProps) {
  const id = useId();
  return (
    <div class="slider">
      <span>
        <label for={id}>{label}</label>
        <output for={id}>{format(value)}</output>
      </span>
      <input
        id={id}
        type="range"
        min={0}
        max={values.length - 1}
        value={values.indexOf(value)}
        aria-valuetext={format(value)}
        onInput={(event) => onChange(values[Number(event.currentTarget.value)]!)}
      />
    </div>
  );
}
