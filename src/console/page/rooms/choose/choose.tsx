import type { RoomProps } from '../../shell/rooms.ts';

export default function Choose(_props: RoomProps) {
  return <p>Under way.</p>;
}
