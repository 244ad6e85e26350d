interface Details {
  source?: 'stream' | 'session';
  streamErrorCode?: number;
  cause?: unknown;
}

/** Why a session or a stream of it is no more. */
export class WebTransportError extends DOMException {
  readonly source: 'stream' | 'session';
  readonly streamErrorCode: number | null;
  override readonly cause: unknown;

  constructor(message: string, { source = 'session', streamErrorCode, cause }: Details = {}) {
    super(message, 'WebTransportError');
    this.source = source;
    this.streamErrorCode = streamErrorCode ?? null;
    this.cause = cause;
  }
}
