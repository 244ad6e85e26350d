import { render } from 'preact';
import { App } from './shell/app.tsx';
import { roomAt } from './shell/rooms.ts';

const found = roomAt(location.pathname);
const { default: Room } = await found.load();
document.title = `${found.title} – fanwire`;
render(<App room={found} Room={Room} />, document.body);
