#!/usr/bin/env node
/** The `mailroot` command: starts src/cli/main.ts in a clone, dist/cli/main.js in the published package. */
import { launch } from './launch.mjs';

launch('main');
