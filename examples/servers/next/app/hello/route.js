import { hub } from '@/hub.mjs';

let greeted = 0;

export const dynamic = 'force-dynamic';

export async function GET() {
  await hub.publish('greetings', { greeted: ++greeted });
  return new Response(`Hello, visitor ${greeted}`);
}
