import { randomUUID } from 'node:crypto';
import { type Command, readArguments } from './command.ts';
import { checkedChannel, HUB_OPTIONS, HUB_OPTIONS_HELP, hubUrl, tokenOf } from './hub-address.ts';
import { readLineGroups } from './line-groups.ts';
import { type Post, post, postUntilTaken, TooMuch } from './post.ts';

export const publish: Command = {
  summary: 'publish to a channel',
  help: `fanwire publish CHANNEL [DATA] [--type TYPE] [--text] [--verbose] [--url URL] [--token TOKEN]

Publishes DATA: as JSON if it is valid JSON, else as text. Without DATA each line of standard input is
a message; they are published in order, each once, and a hub that is away is waited for.

  --type TYPE         of the messages
  --text              everything is text, also what looks like JSON
  --verbose           print the id of each message
${HUB_OPTIONS_HELP}

  fanwire publish scores '{"home":2,"away":1}'
  tail -f app.log | fanwire publish logs`,

  async run(args) {
    const { values, operands } = readArguments(
      args,
      { ...HUB_OPTIONS, type: { type: 'string' }, text: { type: 'boolean' }, verbose: { type: 'boolean' } },
      ['CHANNEL', 'DATA?'],
    );
    const [channel = '', data] = operands;
    const url = new URL(`${hubUrl(values.url)}/channels/${checkedChannel(channel)}`);
    if (values.type !== undefined) url.searchParams.set('type', values.type);
    const request = (contentType: Post['contentType'], body: string): Post => {
      return { url, token: tokenOf(values.token), contentType, key: `~${randomUUID()}`, body };
    };
    const report = (ids: readonly string[]) => {
      if (values.verbose) console.log(ids.join('\n'));
    };
    const isData = (text: string) => !values.text && isJson(text);

    if (data !== undefined) {
      report(await post(request(isData(data) ? 'application/json' : 'text/plain', data)));
      return;
    }
    if (process.stdin.isTTY) console.error('Each line is a message; Ctrl-D ends.');
    for await (const lines of readLineGroups(process.stdin)) {
      // Valid JSON is kept as it was written: parsing it would change large numbers.
      const values = lines.map((line) => (isData(line) ? line : JSON.stringify(line)));
      const publish = (some: readonly string[]) =>
        postUntilTaken(request('application/x-ndjson', some.join('\n')));
      for await (const ids of publishInParts(values, publish)) report(ids);
    }
  },
};

/** The hub says what it takes at once by what it refuses, as a whole: then it is asked to take half of it. */
async function* publishInParts(
  values: readonly string[],
  publish: (values: readonly string[]) => Promise<string[]>,
): AsyncGenerator<readonly string[]> {
  try {
    yield await publish(values);
  } catch (error) {
    if (!(error instanceof TooMuch) || values.length === 1) throw error;
    const middle = Math.ceil(values.length / 2);
    yield* publishInParts(values.slice(0, middle), publish);
    yield* publishInParts(values.slice(middle), publish);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
