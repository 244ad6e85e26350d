import { render } from 'preact';
import { App } from './shell/app.tsx';
import { pageAt } from './shell/pages.ts';

const entered = pageAt(location.pathname);
const { default: Content } = await entered.load();
document.title = `${entered.title} – fanwire`;
render(<App page={entered} Content={Content} />, document.body);
