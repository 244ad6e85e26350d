// A hub beside the routes of an Express application.
import express from 'express';
import { createHub } from 'fanwire';

let greeted = 0;
const app = express();
app.get('/hello', async (_request, response) => {
  await hub.publish('greetings', { greeted: ++greeted });
  response.send(`Hello, visitor ${greeted}`);
});

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
const hub = createHub();
hub.attach(server);

process.once('SIGTERM', async () => {
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
