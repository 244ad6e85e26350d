import type { RoomProps } from '../../shell/rooms.ts';
import { Machine } from './machine.tsx';
import { Tabs } from './tabs.tsx';
import { TryIt } from './try-it.tsx';

/** A hub at work, at first sight. */
export default function Overview({ fanwire, status, chosen, onChoose, onRefused }: RoomProps) {
  return (
    <>
      <Machine fanwire={fanwire} onRefused={onRefused} />
      <TryIt fanwire={fanwire} />
      <Tabs fanwire={fanwire} status={status} chosen={chosen} onChoose={onChoose} />
    </>
  );
}
