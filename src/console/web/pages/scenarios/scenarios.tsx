import type { PageProps } from '../../shell/pages.ts';
import { List } from './list.tsx';
import { Scenario } from './scenario.tsx';
import { scenarioNamed } from './scenario-list.ts';

/** All scenarios at `/scenarios`, one at `/scenarios/NAME`. */
export default function Scenarios(props: PageProps) {
  const name = props.path.split('/')[2];
  const scenario = scenarioNamed(name);
  if (scenario) return <Scenario key={scenario.name} scenario={scenario} {...props} />;
  return (
    <>
      {name && <p class="note fault">There is no scenario “{name}”. These are all:</p>}
      <List />
    </>
  );
}
