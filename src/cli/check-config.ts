import { loadConfig } from '../config/load.ts';
import { publicHubAdvice } from '../config/public-hub.ts';
import { type Command, readArguments } from './command.ts';
import { Failure } from './failure.ts';

export const checkConfigFile: Command = {
  summary: 'check a config file',
  help: `fanwire check-config [FILE]

Says ok, or names every key at fault with what was found and what was expected. Of a hub that other computers can
reach it says what is advised beyond that.
The environment is read as serve reads it; without FILE it is checked alone, or with the file that FANWIRE_CONFIG names.`,

  async run(args) {
    const [file = process.env.FANWIRE_CONFIG || undefined] = readArguments(args, {}, ['FILE?']).operands;
    const checked = await loadConfig(file, process.env);
    const place = file ?? 'the environment';
    if (!checked.ok) throw new Failure([`${place} can't be served:`, ...checked.faults].join('\n  '));
    console.log(`${place} is ok`);
    const advice = publicHubAdvice(checked.config);
    if (advice.length === 0) return;
    console.log('For a hub that other computers can reach (docs/deployment.md):');
    for (const sentence of advice) console.log(`  ${sentence}`);
  },
};
