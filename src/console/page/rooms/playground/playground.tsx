import type { RoomProps } from '../../shell/rooms.ts';

export default function Playground(_props: RoomProps) {
  return <p>Under way.</p>;
}
