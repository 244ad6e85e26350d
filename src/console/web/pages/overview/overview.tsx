import type { PageProps } from '../../shell/pages.ts';
import { Computer } from './computer.tsx';
import { Tabs } from './tabs.tsx';
import { TryIt } from './try-it.tsx';

/** A hub at work, at first sight. */
export default function Overview({ fanwire, status, chosen, onChoose, onRefused }: PageProps) {
  return (
    <>
      <Computer fanwire={fanwire} onRefused={onRefused} />
      <TryIt fanwire={fanwire} />
      <Tabs fanwire={fanwire} status={status} chosen={chosen} onChoose={onChoose} />
    </>
  );
}
