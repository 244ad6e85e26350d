import { assertFiles } from './files.ts';

assertFiles('python');
