import * as v from 'valibot';
import { MAX_TUNNEL_SECONDS } from '../../lab/act.ts';
import { TLS } from '../../lab/tls.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { CATALOGUE } from './catalogue.ts';
import type { LabRequest } from './reports.ts';

const NAMES = CATALOGUE.networks.map(({ name }) => name);

const kind = <Kind extends string>(name: Kind) => ({ kind: v.literal(name) });
const choice = v.object({ network: v.picklist(NAMES), tls: v.picklist(TLS) });
const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(MAX_TUNNEL_SECONDS));

const ACT = v.variant('kind', [
  v.object({ ...kind('tunnel'), seconds }),
  v.object({ kind: v.picklist(['change', 'cut', 'silence', 'unplug', 'plug']) }),
]);

const REQUEST = v.variant('kind', [
  v.object(kind('catalogue')),
  v.object({
    ...kind('measure'),
    choices: v.pipe(v.array(choice), v.minLength(1), v.maxLength(NAMES.length * TLS.length)),
  }),
  v.object({ ...kind('drive'), choice }),
  v.object({ ...kind('act'), act: ACT }),
  v.object(kind('end')),
]);

/** @throws FanwireError `invalid_parameter` with the member's name */
export function labRequestOf(data: unknown): LabRequest {
  const { success, output, issues } = v.safeParse(REQUEST, data);
  if (success) return output;
  const [{ message, path }] = issues;
  const member = path?.map(({ key }) => String(key)).join('.') ?? 'the request';
  throw new FanwireError('invalid_parameter', `${member}: ${message}`);
}
