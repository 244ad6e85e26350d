import type { ComponentChildren } from 'preact';
import { type ClaimName, sentenceOf } from '../../../../field/claims.ts';

/** What the field claims, in its own words, and what was read here. */
export interface ClaimProps {
  /** What one reading answers; none where the field says nothing. */
  readonly of: readonly ClaimName[];
  /** Undefined until something has been measured. */
  readonly children: ComponentChildren;
}

export function Claim({ of, children }: ClaimProps) {
  return (
    // By these names scripts/claims.mjs finds where a claim is shown, and what is read there.
    <dl class="claim" data-claims={of.join('|')}>
      {of.length > 0 && (
        <div>
          <dt>The field says</dt>
          <dd class="said">{of.map(sentenceOf).join('; ')}</dd>
        </div>
      )}
      <div>
        <dt>Read here</dt>
        <dd class="read">{children ?? '–'}</dd>
      </div>
    </dl>
  );
}
