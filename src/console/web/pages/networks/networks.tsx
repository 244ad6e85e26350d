import { useEffect } from 'preact/hooks';
import type { PageProps } from '../../shell/pages.ts';
import DriveView from './drive/drive-view.tsx';
import Matrix from './matrix/matrix.tsx';
import Yours from './yours/yours.tsx';

const VIEWS = [
  {
    path: '/networks',
    title: 'What networks do',
    sentence:
      'Proxies hold answers back, refuse upgrades, forget who is silent, and hand each request to another server. Press a network: this hub’s machine puts it between a hub and real clients of each technique, and measures what becomes of them.',
    Content: Matrix,
  },
  {
    path: '/networks/drive',
    title: 'Drive one',
    sentence:
      'One network, one message after the other, and a client of each technique behind it. Change the network, go through a tunnel, pull a plug, and see who notices, who comes back, and what they say.',
    Content: DriveView,
  },
  {
    path: '/networks/yours',
    title: 'Your network',
    sentence:
      'What lies between this browser and this hub, and what it does to each wire: opened, proved by a round trip, held, and judged, with what to change in which proxy.',
    Content: Yours,
  },
] as const;

/** What lies between clients and hubs, and what it does to each transport. */
export default function Networks(props: PageProps) {
  const view = VIEWS.find(({ path }) => path === props.path) ?? VIEWS[0];
  const { path, title, sentence, Content } = view;
  useEffect(() => {
    if (path !== VIEWS[0].path) document.title = `${title} – fanwire`;
  }, [path, title]);
  return (
    <>
      <nav class="views pills" aria-label="Networks">
        {VIEWS.map((each) => (
          <a key={each.path} href={each.path} aria-current={each === view ? 'true' : undefined}>
            {each.title}
          </a>
        ))}
      </nav>
      <div class="opening">
        <h2>{title}</h2>
        <p>{sentence}</p>
      </div>
      <Content key={path} {...props} />
    </>
  );
}
