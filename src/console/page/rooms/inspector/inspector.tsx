import type { RoomProps } from '../../shell/rooms.ts';

export default function Inspector(_props: RoomProps) {
  return <p>Under way.</p>;
}
