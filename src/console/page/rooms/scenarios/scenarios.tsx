import type { RoomProps } from '../../shell/rooms.ts';

export default function Scenarios(_props: RoomProps) {
  return <p>Under way.</p>;
}
