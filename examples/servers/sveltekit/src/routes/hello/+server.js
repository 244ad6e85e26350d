import { hub } from '$lib/server/hub.js';

let greeted = 0;

export async function GET() {
  await hub.publish('greetings', { greeted: ++greeted });
  return new Response(`Hello, visitor ${greeted}`);
}
