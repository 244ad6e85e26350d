import type { PageProps } from '../../shell/pages.ts';
import { Tabs } from './tabs.tsx';
import { TryIt } from './try-it.tsx';

/** A channel to publish to, and the tabs that have this page open. */
export default function Try({ fanwire, status, chosen, onChoose }: PageProps) {
  return (
    <>
      <TryIt fanwire={fanwire} />
      <Tabs fanwire={fanwire} status={status} chosen={chosen} onChoose={onChoose} />
    </>
  );
}
