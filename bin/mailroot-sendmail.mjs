#!/usr/bin/env node
/** `mailroot-sendmail`: the command that programs call as sendmail. */
import { launch } from './launch.mjs';

launch('sendmail');
