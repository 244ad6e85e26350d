import { useEffect, useId, useMemo, useReducer, useState } from 'preact/hooks';
import { TRANSPORT_NAMES } from '../../../../client/transports/transport.ts';
import { CHANNEL, type Lane, openLane } from '../../measure/lane.ts';
import { Publisher } from '../../measure/publisher.ts';
import { sentenceOf } from '../../shell/connection.ts';
import type { RoomProps } from '../../shell/rooms.ts';
import { perSecond, seconds } from './claims.ts';
import { Figures } from './figures.tsx';
import { Timeline } from './timeline.tsx';
import { useVisible } from './use-visible.ts';

const RATES = [0, 0.2, 0.5, 1, 2, 5, 10, 20];
const POLL_INTERVALS_MS = [500, 1000, 2000, 3000, 5000, 10_000];
const DRAW_MS = 50;
const NO_TOTALS = new Map();

/** One channel read over every transport at once. */
export default function Playground({ fanwire, connectBeside }: RoomProps) {
  const [rate, setRate] = useState(1);
  const [pollIntervalMs, setPollIntervalMs] = useState(2000);
  const [fault, setFault] = useState<string>();
  const [lanes, setLanes] = useState<readonly Lane[]>([]);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const visible = useVisible();
  const publisher = useMemo(() => new Publisher(fanwire, (error) => setFault(sentenceOf(error))), [fanwire]);

  useEffect(() => {
    // Three of the lanes hold one of the six connections that a browser gives an origin.
    if (!visible) return;
    const opened = TRANSPORT_NAMES.map((name) =>
      openLane(name, pollIntervalMs, undefined, publisher.by, connectBeside),
    );
    setLanes(opened);
    return () => {
      for (const lane of opened) lane.close();
    };
  }, [visible, pollIntervalMs, publisher, connectBeside]);

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

  const now = performance.now();
  return (
    <section aria-labelledby="playground-title">
      <h2 id="playground-title">
        One channel, five ways{' '}
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
        <button type="button" onClick={() => publisher.publish()}>
          Publish one
        </button>
      </div>
      <Timeline published={publisher.times} lanes={lanes} now={now} />
      <Figures lanes={lanes} totals={NO_TOTALS} pollIntervalMs={pollIntervalMs} now={now} />
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
