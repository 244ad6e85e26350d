import { runBlocks } from './programs.ts';

runBlocks('js');
