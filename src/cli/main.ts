#!/usr/bin/env node
import { processTerminal } from './output.ts';
import { run } from './run.ts';

process.exitCode = await run(process.argv, processTerminal);
