import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type PackedProject, packedProject } from '../support/packed.ts';
import { RUNTIMES, runtimeCommand } from '../support/runtimes.ts';
import { assertEndsConnected, assertServes, startApplication } from './application.ts';

/** What a user of the package has. */
let project: PackedProject;
before(() => {
  project = packedProject();
});
after(() => project.remove());

for (const runtime of RUNTIMES) {
  const name = `${runtime.toLowerCase()}.mjs`;
  test(`examples/servers/${name} serves its own route and the hub on one port`, {
    timeout: 60_000,
  }, async (t) => {
    cpSync(join('examples/servers', name), join(project.folder, name));
    const command = runtimeCommand(runtime);
    const application = await startApplication(t, [...command, name], { cwd: project.folder });
    await assertServes(application, { webSocket: false });
    await assertEndsConnected(application);
  });
}
