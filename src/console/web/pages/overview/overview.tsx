import type { PageProps } from '../../shell/pages.ts';
import { Build } from './build.tsx';
import { Wires } from './wires.tsx';

/** What fanwire is, at first sight: one publish, and every wire that it arrives on. Below it the ways on. */
export default function Overview(props: PageProps) {
  return (
    <>
      <Wires {...props} />
      <div class="doors">
        <section aria-labelledby="learn-title">
          <h2 id="learn-title">Learn</h2>
          <ul class="ways">
            <Way path="/learn" title="The course">
              Why servers can’t speak first, and what each transport does about it, on this hub’s own wires
            </Way>
            <Way path="/networks" title="Networks">
              What proxies, carriers and load balancers do to each transport, and what yours does
            </Way>
            <Way path="/playground" title="Playground">
              One channel over every transport: delay, requests and bytes, measured here
            </Way>
            <Way path="/inspector" title="Inspector">
              Heads, chunks and frames, byte by byte, as they cross the wire
            </Way>
            <Way path="/scenarios" title="Scenarios">
              Ten small applications with their code, over any transport
            </Way>
            <Way path="/choose" title="Choose">
              Three questions, and the transport that fits
            </Way>
          </ul>
        </section>
        <Build />
        <section aria-labelledby="operate-title">
          <h2 id="operate-title">Operate</h2>
          <ul class="ways">
            <Way path="/operate" title="This hub at work">
              Nodes, traffic, every client and every channel; drain, disconnect, replay
            </Way>
            <Way path="/try" title="Try a channel">
              Publish by hand, and see which tabs are open over what
            </Way>
          </ul>
        </section>
      </div>
    </>
  );
}

interface WayProps {
  readonly path: string;
  readonly title: string;
  readonly children: string;
}

function Way({ path, title, children }: WayProps) {
  return (
    <li>
      <a href={path}>{title}</a>
      <p>{children}</p>
    </li>
  );
}
