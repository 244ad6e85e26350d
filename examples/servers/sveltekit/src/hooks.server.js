import { hub } from '$lib/server/hub.js';

export const handle = ({ event, resolve }) =>
  hub.fetch(event.request, { address: event.getClientAddress(), next: () => resolve(event) });
