import { render } from 'preact';
import { App } from './shell/app.tsx';
import { loadRoute } from './shell/route.ts';

const first = await loadRoute(location.pathname);
document.title = `${first.page.title} – fanwire`;
render(<App first={first} />, document.body);
