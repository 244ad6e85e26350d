import { loadConfig } from '../config/load.ts';
import { type Command, readArguments } from './command.ts';
import { Failure } from './failure.ts';

export const checkConfigFile: Command = {
  summary: 'check a config file',
  help: `fanwire check-config FILE

Says ok, or names every key at fault with what was found and what was expected.
FANWIRE_SECRET is read from the environment, as serve does it.`,

  async run(args) {
    const [file = ''] = readArguments(args, {}, ['FILE']).operands;
    const checked = await loadConfig(file, process.env);
    if (!checked.ok) throw new Failure([`${file} can't be served:`, ...checked.faults].join('\n  '));
    console.log(`${file} is ok`);
  },
};
