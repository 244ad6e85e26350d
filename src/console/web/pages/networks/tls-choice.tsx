import type { Catalogue } from '../../../networks/reports.ts';

export type Tls = Catalogue['tls'][number]['name'];

/** The techniques that are there with what is encrypted. */
export function techniquesOver(tls: Tls, { techniques }: Catalogue): Catalogue['techniques'] {
  return techniques.filter(({ over }) => over.includes(tls));
}

interface TlsChoiceProps {
  readonly catalogue: Catalogue;
  readonly chosen: Tls;
  /** While it can't be changed. */
  readonly isFixed?: boolean;
  readonly onChoose: (tls: Tls) => void;
}

/** What is encrypted. */
export function TlsChoice({ catalogue: { tls: kinds, missing }, chosen, isFixed, onChoose }: TlsChoiceProps) {
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
      <p class="note tls-does">
        {kinds.find(({ name }) => name === chosen)!.does}
        {missing && chosen !== 'none' && (
          <>
            {' '}
            WebTransport is not tried, as its package is not on the hub’s machine:{' '}
            <code>{missing.howToGetIt}</code>.
          </>
        )}
      </p>
    </>
  );
}
