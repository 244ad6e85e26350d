import { hub } from '@/hub.mjs';

const serve = (request) => hub.fetch(request);

export { serve as GET, serve as HEAD, serve as OPTIONS, serve as POST };
