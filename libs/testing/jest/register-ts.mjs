// `node --import <this file> script.ts` runs TypeScript from the sources; see ts-loader.mjs.
import { register } from 'node:module';

register('./ts-loader.mjs', import.meta.url);
