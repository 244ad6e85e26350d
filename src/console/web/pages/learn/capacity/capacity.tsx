import { useEffect, useState } from 'preact/hooks';
import { FIGURES } from '../../../../../capacity/figures.ts';
import { capacityOf } from '../../../../../capacity/model.ts';
import { labelOf } from '../../../transports.ts';
import { Claim } from '../claim.tsx';
import { Answer } from './answer.tsx';
import { Checks } from './checks.tsx';
import { Curves } from './curves.tsx';
import { Inputs } from './inputs.tsx';
import { Parts } from './parts.tsx';
import { loadOf, machineOf, readPlan, searchOf } from './plan.ts';
import { about } from './words.ts';

/** The address may change 100 times in 30 s in Safari, and a slider that is drawn changes more. */
const ADDRESS_MS = 400;

/** What so many users need, and what it costs, by the model of src/capacity. */
export default function CapacityLesson() {
  const [read] = useState(() => readPlan(location.search));
  const [plan, setPlan] = useState(read.plan);
  // After every drawing, as a link to this very lesson takes the plan out of the address.
  useEffect(() => {
    if (location.search === searchOf(plan)) return;
    const timer = setTimeout(() => history.replaceState(history.state, '', searchOf(plan)), ADDRESS_MS);
    return () => clearTimeout(timer);
  });
  const capacity = capacityOf(FIGURES, loadOf(plan), machineOf(plan));
  return (
    <>
      <Answer plan={plan} capacity={capacity} />
      <section aria-labelledby="plan-title">
        <h3 id="plan-title">Your application</h3>
        {read.faults.length > 0 && (
          <p class="note fault">
            The address of this page has what can’t be, and another value stands here instead.{' '}
            {read.faults.join(' ')}
          </p>
        )}
        <Inputs plan={plan} onPlan={setPlan} />
      </section>
      <Curves plan={plan} />
      <Parts plan={plan} capacity={capacity} />
      <Checks />
      <section class="claims" aria-labelledby="claims-title">
        <h3 id="claims-title">What the field says of it</h3>
        <Claim of={['sse/Load on the server']}>{costWords('sse')}</Claim>
        <Claim of={['websocket/Load on the server']}>{costWords('websocket')}</Claim>
      </section>
    </>
  );
}

function costWords(transport: 'sse' | 'websocket'): string {
  const { connectionKB, kernelKB, deliveryUs, factor } = FIGURES;
  const [dear, cheap] = [deliveryUs[0]!, deliveryUs.at(-1)!].map(({ us }) => about(us * factor[transport]));
  return `${labelOf(transport)}: ${about(connectionKB[transport] + kernelKB)} kB an idle client, ${about(kernelKB)} of them the kernel’s, and ${cheap} to ${dear} µs of a core a message it gets.`;
}
