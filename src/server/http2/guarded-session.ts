import { constants, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { destroySession } from './destroy-session.ts';
import { RateWindow } from './rate-window.ts';
import type { SessionOptions } from './sessions.ts';

/** A little longer than browsers and proxies keep theirs. */
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
  /** Bytes that had passed, in either direction, at the last look. */
  #passed = 0;
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
    const timer = setInterval(() => this.#look(), keepAliveMs).unref();
    session.on('close', () => clearInterval(timer));
  }

  #opened(stream: ServerHttp2Stream): void {
    this.#streams += 1;
    if (stream.destroyed) this.#ended(stream);
    else stream.on('close', () => this.#ended(stream));
  }

  /** Reset by the client, or by this end, which a client can provoke as well (CVE-2025-8671). */
  #ended(stream: ServerHttp2Stream): void {
    this.#streams -= 1;
    const isReset = stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR;
    if (isReset && !this.#resets.take(Date.now())) this.#calm();
  }

  #controlled(): void {
    if (!this.#controls.take(Date.now())) this.#calm();
  }

  /** Not from within what Node has just read: the announcement would not be sent. */
  #calm(): void {
    setImmediate(destroySession, this.#session, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /**
   * Ends a connection over which nothing has passed for a while. By its bytes, not by its events: a client that keeps its windows
   * shut is silent whatever is written to it, and so is one that has broken the protocol, to which Node 20 does not listen any more.
   */
  #look(): void {
    if (this.#session.destroyed) return;
    const { bytesRead, bytesWritten } = this.#session.socket;
    const passed = bytesRead + bytesWritten;
    this.#silentMs = passed === this.#passed ? this.#silentMs + this.#keepAliveMs : 0;
    this.#passed = passed;
    // An answer may take its time; streams that go on have heartbeats.
    const most = this.#streams === 0 ? this.#keepAliveMs : this.#stallMs;
    if (this.#silentMs >= most) destroySession(this.#session, constants.NGHTTP2_NO_ERROR);
  }
}
