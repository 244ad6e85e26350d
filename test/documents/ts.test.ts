import { runBlocks } from './programs.ts';

runBlocks('ts');
