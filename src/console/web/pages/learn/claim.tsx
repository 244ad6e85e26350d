import type { ComponentChildren } from 'preact';

/** What the field claims, in its own words, and what was read here. */
export interface ClaimProps {
  /** The sentence of the source, as it stands there; undefined where the field says nothing. */
  readonly claim: string | undefined;
  /** Undefined until something has been measured. */
  readonly children: ComponentChildren;
}

export function Claim({ claim, children }: ClaimProps) {
  return (
    <dl class="claim">
      {claim && (
        <div>
          <dt>The field says</dt>
          <dd class="said">{claim}</dd>
        </div>
      )}
      <div>
        <dt>Read here</dt>
        <dd class="read">{children ?? '–'}</dd>
      </div>
    </dl>
  );
}
