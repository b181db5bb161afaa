#!/usr/bin/env node
/** The `mailroot` command: starts src/cli/main.ts in a clone, dist/cli/main.js in the published package. */
import { launch } from './launch.mjs';

// Scripts are started often and should start quickly: their command is loaded without all the others.
launch(process.argv[2] === 'script' ? 'script' : 'main');
