import { CHANNEL_NAME_RULE, isChannelName } from '../protocol/channel-name.ts';
import { usageFailure } from './failure.ts';

/** Options of every command that talks to a hub. */
export const HUB_OPTIONS = {
  url: { type: 'string', default: 'http://127.0.0.1:8080' },
  token: { type: 'string' },
} as const;

export const HUB_OPTIONS_HELP = `  --url URL           of the hub (default: ${HUB_OPTIONS.url.default})
  --token TOKEN       better set FANWIRE_TOKEN: a command line can be seen by others`;

export function tokenOf(option: string | undefined): string | undefined {
  return option ?? process.env.FANWIRE_TOKEN;
}

/** The hub's address without a slash at its end, so that paths can be added. */
export function hubUrl(option: string, name = '--url'): string {
  if (!/^https?:/.test(option) || !URL.canParse(option)) {
    throw usageFailure(`${name} takes an address such as ${HUB_OPTIONS.url.default}, not ${option}`);
  }
  return option.replace(/\/+$/, '');
}

export function checkedChannel(name: string): string {
  if (isChannelName(name)) return name;
  throw usageFailure(`${JSON.stringify(name)} is no channel: ${CHANNEL_NAME_RULE}`);
}
