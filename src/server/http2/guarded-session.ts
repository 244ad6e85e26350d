import { constants, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { destroySession } from './destroy-session.ts';
import { RateWindow } from './rate-window.ts';
import type { SessionOptions } from './sessions.ts';

const KEEP_ALIVE_MS = 65_000;

/**
 * A connection of HTTP/2 within its limits. What it does in frames alone costs a client next to nothing, so that no count of
 * requests sees it: streams that are opened and reset (CVE-2023-44487), pings and settings that have to be answered.
 */
export class GuardedSession {
  readonly #session: Http2Session;
  readonly #resets: RateWindow;
  readonly #controls: RateWindow;
  readonly #stallMs: number;
  readonly #keepAliveMs: number;
  #streams = 0;
  #silentMs = 0;

  constructor(session: Http2Session, { limits, keepAliveMs = KEEP_ALIVE_MS, stallMs }: SessionOptions) {
    this.#session = session;
    this.#resets = new RateWindow(limits.resetsPerConnection);
    this.#controls = new RateWindow(limits.controlFramesPerConnection);
    this.#keepAliveMs = keepAliveMs;
    this.#stallMs = stallMs;
    session.on('stream', (stream: ServerHttp2Stream) => this.#opened(stream));
    session.on('ping', () => this.#controlled());
    session.on('remoteSettings', () => this.#controlled());
    session.setTimeout(keepAliveMs, () => this.#silent());
  }

  #opened(stream: ServerHttp2Stream): void {
    this.#silentMs = 0;
    this.#streams += 1;
    if (stream.destroyed) this.#ended(stream);
    else stream.on('close', () => this.#ended(stream));
  }

  /** A stream that ends before its answer was reset, by either end: a client can provoke that as well (CVE-2025-8671). */
  #ended(stream: ServerHttp2Stream): void {
    this.#streams -= 1;
    const isReset = stream.rstCode !== constants.NGHTTP2_NO_ERROR || !stream.writableFinished;
    if (isReset && !this.#resets.take(Date.now())) this.#calm();
  }

  #controlled(): void {
    if (!this.#controls.take(Date.now())) this.#calm();
  }

  #calm(): void {
    destroySession(this.#session, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /** Nothing was read or written for as long as a connection is kept. */
  #silent(): void {
    this.#silentMs += this.#keepAliveMs;
    if (this.#streams === 0 || this.#silentMs >= this.#stallMs) {
      destroySession(this.#session, constants.NGHTTP2_NO_ERROR);
    } else this.#session.setTimeout(this.#keepAliveMs);
  }
}
