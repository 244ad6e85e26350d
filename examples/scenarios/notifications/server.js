// The server speaks first: when a tab comes or goes, each half a minute, and some seconds after it was asked to.
import process from 'node:process';

const NEWS_MS = 30_000;
const REMINDER_MS = 3000;

export const channels = {
  'console:demo:notifications': { publish: 'nobody', retain: { count: 50 } },
  'console:demo:notifications:reminders': { read: 'nobody', retain: { ageMs: 60_000 } },
  // Who has read what: each of a user's tabs should know.
  'console:demo:notifications:read': { retain: { count: 50 } },
};

export function start(hub) {
  const notify = notifier(hub);
  const reminders = hub.subscribe('console:demo:notifications:reminders', ({ data }) => {
    setTimeout(notify, REMINDER_MS, String(data?.text).slice(0, 200));
  });
  const visitors = hub.subscribe('console:demo:notifications:presence', ({ type }) => {
    if (type === 'join') return notify('A tab opened this page.');
    if (type === 'leave') return notify('A tab closed this page.');
  });
  return () => [reminders, visitors].map((each) => each.close());
}

export function whileWatched(hub) {
  const notify = notifier(hub);
  const timer = setInterval(() => {
    const connections = hub.connections().length;
    notify(`The hub has run for ${Math.round(process.uptime())} s, and has ${connections} connections.`);
  }, NEWS_MS);
  return () => clearInterval(timer);
}

function notifier(hub) {
  return (text) => hub.publish('console:demo:notifications', { text }).catch(() => {});
}
