import type { Catalogue } from '../../../networks/reports.ts';

export type Tls = Catalogue['tls'][number]['name'];

interface TlsChoiceProps {
  readonly kinds: Catalogue['tls'];
  readonly chosen: Tls;
  /** While it can't be changed. */
  readonly isFixed?: boolean;
  readonly onChoose: (tls: Tls) => void;
}

/** What is encrypted. */
export function TlsChoice({ kinds, chosen, isFixed, onChoose }: TlsChoiceProps) {
  return (
    <>
      <fieldset class="choice" disabled={isFixed}>
        <legend class="unseen">Encryption</legend>
        {kinds.map(({ name, title }) => (
          <label key={name}>
            <input type="radio" name="tls" checked={name === chosen} onChange={() => onChoose(name)} />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <p class="note tls-does">{kinds.find(({ name }) => name === chosen)!.does}</p>
    </>
  );
}
