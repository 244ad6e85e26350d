import type { RoomProps } from '../../shell/rooms.ts';

export default function Operate(_props: RoomProps) {
  return <p>Under way.</p>;
}
