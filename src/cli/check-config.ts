import { loadConfig } from '../config/load.ts';
import { publicHubAdvice } from '../config/public-hub.ts';
import { type Command, readArguments } from './command.ts';
import { Failure } from './failure.ts';

export const checkConfigFile: Command = {
  summary: 'check a config file',
  help: `fanwire check-config FILE

Says ok, or names every key at fault with what was found and what was expected. Of a hub that other computers can
reach it says what is advised beyond that.
FANWIRE_SECRET is read from the environment, as serve does it.`,

  async run(args) {
    const [file = ''] = readArguments(args, {}, ['FILE']).operands;
    const checked = await loadConfig(file, process.env);
    if (!checked.ok) throw new Failure([`${file} can't be served:`, ...checked.faults].join('\n  '));
    console.log(`${file} is ok`);
    const advice = publicHubAdvice(checked.config);
    if (advice.length === 0) return;
    console.log('For a hub that other computers can reach (docs/deployment.md):');
    for (const sentence of advice) console.log(`  ${sentence}`);
  },
};
