import { assertFiles } from './files.ts';

assertFiles('go');
