import { useLayoutEffect, useRef } from 'preact/hooks';
import { AcceptView } from './accept-view.tsx';
import { fieldOf } from './dissect/head.ts';
import type { ChunkContent, Step } from './dissect/steps.ts';
import { EnvelopeView } from './envelope-view.tsx';
import { EventLines } from './event-lines-view.tsx';
import { bytesOf } from './figures.ts';
import { FrameView } from './frame-view.tsx';
import { HeadView } from './head-view.tsx';
import { HexView } from './hex-view.tsx';
import { sentenceOf, titleOf } from './sentences.ts';

const MAX_TEXT = 2000;

interface StepCardProps {
  readonly step: Step;
  readonly position: string;
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}

/** One step: what happens and why, its parts, and its bytes. */
export function StepCard({ step, position, onPrevious, onNext }: StepCardProps) {
  const name = cardName(step);
  const card = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    card.current!.scrollTop = 0;
  }, [step.key]);
  return (
    <article class="card" aria-labelledby="step-title" ref={card}>
      <div class="title">
        <h3 id="step-title">{step.from === 'client' ? 'Browser to hub' : 'Hub to browser'}</h3>
        <p class="note">{position}</p>
        <button
          type="button"
          class="second"
          aria-label="Step before"
          disabled={!onPrevious}
          onClick={onPrevious}
        >
          ↑
        </button>
        <button type="button" class="second" aria-label="Step after" disabled={!onNext} onClick={onNext}>
          ↓
        </button>
      </div>
      <h4>
        {name} <small class="card-size">{step.length > 0 && bytesOf(step.length)}</small>
      </h4>
      <p class="sentence">{sentenceOf(step)}</p>
      <Parts step={step} />
    </article>
  );
}

/** Of a head, what its first line says; else the kind of step. */
function cardName(step: Step): string {
  const { name, gist } = titleOf(step);
  return step.detail.kind === 'answer' || step.detail.kind === 'request' ? `${name} ${gist}` : name;
}

/** What a step is made of, and its bytes. */
export function Parts({ step }: { step: Step }) {
  return (
    <>
      <Anatomy step={step} />
      {step.bytes.length > 0 && <HexView bytes={step.bytes} length={step.length} />}
    </>
  );
}

function Anatomy({ step: { detail } }: { step: Step }) {
  switch (detail.kind) {
    case 'request':
      return <HeadView head={detail.head} />;
    case 'answer':
      return (
        <>
          <HeadView head={detail.head} />
          {detail.key && (
            <AcceptView sentKey={detail.key} sent={fieldOf(detail.head, 'sec-websocket-accept')} />
          )}
        </>
      );
    case 'body':
      return <Content content={detail.content} />;
    case 'chunk':
      return (
        <>
          <p class="chunk-size">
            <code>{detail.line}</code> in hexadecimal is {bytesOf(detail.size)} of data
          </p>
          <Content content={detail.content} />
        </>
      );
    case 'frame':
      return <FrameView {...detail} />;
    case 'raw':
    case 'end':
      return null;
  }
}

function Content({ content }: { content: ChunkContent }) {
  switch (content.kind) {
    case 'events':
      return <EventLines lines={content.lines} />;
    case 'lines':
      return <Text text={content.lines.join('\n')} />;
    case 'envelopes':
      return <EnvelopeView envelopes={content.envelopes} />;
    case 'text':
      return <Text text={content.text} />;
  }
}

function Text({ text }: { text: string }) {
  if (text === '') return null;
  return <pre>{text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text}</pre>;
}
